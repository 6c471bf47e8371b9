"""Help pages that refusals link to."""
