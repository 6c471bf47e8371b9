"""An incident as one picture: what outsiders are told of it, and what command has to look at."""
