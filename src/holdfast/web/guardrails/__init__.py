"""The guardrails: every rule that Holdfast holds people to."""
