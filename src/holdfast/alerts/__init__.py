"""Deduplicated problems on services: from the first signal to the last word about them."""
