"""A week of visits as a problem and its solution: plain Python and OR-Tools, no database."""
