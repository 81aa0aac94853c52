"""Benchmarks: each figure beside that of a peer, measured in alternating turns; a ratio travels, a speed does not."""
