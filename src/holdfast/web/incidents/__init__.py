"""Incidents on screen: the list, the form that declares one, the room, and the leaders' page."""
