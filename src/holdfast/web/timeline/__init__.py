"""What happened here: the timeline of everything."""
