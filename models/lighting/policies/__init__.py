"""What a lighting desk does with what arrived: ports and signals only."""
