"""Views with life in them: every screen full, empty and wrong, for the tests and the gallery."""
