"""Months of on-call in seconds: production code, a stepped clock, and everything that fails."""
