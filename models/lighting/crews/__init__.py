"""Crews with a platform: orders, the day's tour, trips on the clock, patrols by night."""
