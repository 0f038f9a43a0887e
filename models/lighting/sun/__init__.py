"""Where the sun stands, and when it passes an altitude."""
