"""What must hold after every step (house 7, promises c.4), by the simulator's own facts."""
