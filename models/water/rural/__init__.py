"""Plausible water networks for communes nobody gave a plan of."""
