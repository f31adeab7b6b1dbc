"""Side-by-side measurements against other engines, each a command: `python -m benchmarks.speed
DATA`."""
