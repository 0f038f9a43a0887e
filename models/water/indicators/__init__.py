"""What French rules and the water profession say of a network's losses."""
