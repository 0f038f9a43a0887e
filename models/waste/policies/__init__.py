"""Who decides which points are emptied today, from what arrived and nothing else."""
