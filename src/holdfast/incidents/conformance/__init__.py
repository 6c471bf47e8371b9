"""The report per incident: which rules of the practice it kept, broke, or never came to."""
