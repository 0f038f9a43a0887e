"""Compiled search: savings for a start, then ruin and recreate under simulated annealing."""
