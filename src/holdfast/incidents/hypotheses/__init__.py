"""Possible causes, what each predicts, and what became of it when it was tested."""
