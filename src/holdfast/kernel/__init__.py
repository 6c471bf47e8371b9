"""Clock, chance, transactions, errors, ids, spans and zones: what everything else stands on."""
