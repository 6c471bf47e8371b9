"""Configuration as code over HTTP."""
