"""Waste: drop-off points that fill, trucks that empty them, and sensors that tell, or do not."""
