"""Reads roster files as people really have them: what is forgiven, and what is explained."""
