"""Roads: a graph of carriageways, pruned exactly, and the kilometres and minutes between points."""
