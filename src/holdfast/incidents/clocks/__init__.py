"""The clocks of an incident: each a row with the instant at which it should have been stopped."""
