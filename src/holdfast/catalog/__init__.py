"""What can break, what it leans on, and the connections through which it calls."""
