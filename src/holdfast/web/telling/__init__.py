"""Telling people, by API: updates, cadence, promises, questions, stakeholders, notifications."""
