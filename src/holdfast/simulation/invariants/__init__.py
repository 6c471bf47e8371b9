"""What must hold after every step (house 7, promises c.4), checked against the simulator's facts."""
