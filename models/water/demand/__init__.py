"""What a zone's people, farms and workshops draw, hour by hour; synthetic."""
