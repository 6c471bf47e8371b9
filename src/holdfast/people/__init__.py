"""Users, teams, how to reach them, and what they may do."""
