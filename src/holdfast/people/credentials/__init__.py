"""How people and programs prove who they are: passwords, sessions, tokens and one-time links."""
