"""Who holds which role in an incident, and how it passes from one to the next."""
