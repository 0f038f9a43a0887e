"""Rounds of vehicles: who visits what, in which order, at the least cost."""
