"""Measurements beside other engines and tools, each a command: `python -m benchmarks.speed
DATA`."""
