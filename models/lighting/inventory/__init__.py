"""Lamps, cabinets and streets: as drawn for a territory, or as a planner's files say."""
