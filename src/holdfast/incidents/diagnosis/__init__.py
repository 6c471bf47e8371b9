"""What to look at: what changed before it began, which part is hurt, and what stands beside it."""
