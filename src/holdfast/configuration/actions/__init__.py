"""Make it as the files say: apply.py decides, the others create, change and remove."""
