"""Telling one person something that wants no answer, by the notifiers there are."""
