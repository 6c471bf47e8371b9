"""The decision log: what was chosen, between what, why, and who objected."""
