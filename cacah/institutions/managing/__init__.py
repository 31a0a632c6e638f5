"""The pages on which institutions are added, changed, moved, closed and opened again."""
