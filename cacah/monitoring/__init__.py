"""How far the census is: counters folded per area, day and mode, and their pages."""
