"""The mechanism of guardrails: a rule that matters is a thing with a code."""
