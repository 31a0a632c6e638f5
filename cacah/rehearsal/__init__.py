"""Synthetic population for demos, tests and benchmarks."""
