"""The door: a family identifies itself, answers, submits, and holds a receipt."""
