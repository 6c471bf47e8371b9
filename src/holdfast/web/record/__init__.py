"""The record of an incident by API: timeline, hypotheses, mitigations and decisions."""
