"""What every page shares: the frame around it, its parts, its words."""
