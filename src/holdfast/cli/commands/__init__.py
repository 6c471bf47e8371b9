"""One file for each family of commands; app.py names them."""
