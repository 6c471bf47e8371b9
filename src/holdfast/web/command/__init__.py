"""Command by API: roles, hand-offs, responders, the room, tasks and reports."""
