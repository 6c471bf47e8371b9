"""Users, teams and how each person is reached."""
