"""Escalation policies on screen."""
