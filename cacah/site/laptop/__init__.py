"""A laptop that serves a session where there is no signal: its start, its addresses, its pages."""
