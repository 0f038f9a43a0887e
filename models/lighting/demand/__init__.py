"""Energy: load curves of cabinets, and the bill."""
