"""Escalation policies, and the climbs that page one person after another until somebody answers."""
