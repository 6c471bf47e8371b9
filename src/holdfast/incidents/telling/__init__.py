"""Telling people: updates, who hears them, what was promised, and the questions that come back."""
