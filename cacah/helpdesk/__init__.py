"""The help desk: somebody calls, and an officer sees where the family stands, never an answer."""
