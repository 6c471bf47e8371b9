"""Make it as the files say: apply.py decides what has to change, make.py and remove.py change it."""
