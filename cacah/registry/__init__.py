"""The census itself, the expected households and persons, and the case of each household."""
