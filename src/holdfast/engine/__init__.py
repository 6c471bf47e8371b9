"""Fires what is due and speaks to the outside world. Knows no domain."""
