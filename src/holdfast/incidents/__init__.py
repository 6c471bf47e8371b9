"""Incidents: declared, commanded, told about, mended, verified. One package a part of the work."""
