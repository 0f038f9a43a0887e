"""Lamps and drivers that fail: renewal laws, the compiled fleet, its SimPy twin."""
