"""A water network as typed arrays, and what reads, writes and draws it."""
