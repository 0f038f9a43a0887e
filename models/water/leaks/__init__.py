"""Leaks: their laws, their dice, what seeps all the time, and what they cost in water."""
