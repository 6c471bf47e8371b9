"""From trees of words to what the files ask for, as values of the domain: one file per part."""
