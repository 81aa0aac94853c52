"""Scanners of weaknesses, let loose on a portal of their own; never on one that people use."""
