"""Who would be rung, how and when: asked before the night, not in it."""
