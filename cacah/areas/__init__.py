"""The tree of areas a census counts in: province, regency, district, village, SLS."""
