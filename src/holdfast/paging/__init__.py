"""Reaching one person, door after door, until they answer or somebody else does."""
