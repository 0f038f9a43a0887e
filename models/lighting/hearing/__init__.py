"""What the link lets through: heartbeats and commands of clocks and nodes, played over it."""
