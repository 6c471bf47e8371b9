"""How incidents kept the rules of their practice."""
