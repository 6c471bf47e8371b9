"""Who is on call: rotations, overrides, the shifts they resolve to, and the gaps they leave."""
