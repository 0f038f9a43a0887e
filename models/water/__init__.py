"""Drinking water: networks, leaks, meters, and what a lost message costs in cubic metres."""
