"""Decisions: what to buy, where, in which order, and how sure the answer is."""
