"""Who is on call, on screen."""
