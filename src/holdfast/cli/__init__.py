"""The commands: thin, over the same API as every other program."""
