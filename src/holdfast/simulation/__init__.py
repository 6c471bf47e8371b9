"""Months of on-call in seconds: the production code with a stepped clock and everything that fails."""
