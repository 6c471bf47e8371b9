"""Services and their connections on screen."""
