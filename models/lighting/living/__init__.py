"""Years of a department's lighting: lamps fail, become known, are repaired, on SimPy's clock."""
