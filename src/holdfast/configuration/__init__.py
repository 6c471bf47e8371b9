"""Configuration as code: shows the difference, makes it so, and writes the same format back."""
