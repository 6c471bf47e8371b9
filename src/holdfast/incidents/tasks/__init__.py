"""Work given to a named person, with a time box and a read-back; reports; the marks."""
