"""Institutions that must take part: their tree, rosters, coordinators, participation."""
