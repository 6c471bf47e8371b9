"""The one-tap answer page that a message on a phone leads to."""
