"""XLSForm to XForm to a frozen Instrument, and the rules it carries; plain Python, no Django."""
