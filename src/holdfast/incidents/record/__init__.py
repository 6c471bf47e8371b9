"""The one timeline of an incident: what people wrote down, and what happened by itself."""
