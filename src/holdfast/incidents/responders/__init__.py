"""Who is asked to help with an incident, who came, and the room they meet in."""
