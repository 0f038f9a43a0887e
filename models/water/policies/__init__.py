"""Who says that a district leaks, from what arrived and nothing else."""
