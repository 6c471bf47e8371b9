"""Signing in: password, one-time link, first password."""
