"""From nothing to a first page in two minutes."""
