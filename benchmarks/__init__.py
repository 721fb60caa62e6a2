"""How fast and how small this library is beside its peers and the floor: ``python -m benchmarks.run``."""
