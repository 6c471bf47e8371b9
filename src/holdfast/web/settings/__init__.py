"""Settings, API tokens, guardrails and health on screen."""
