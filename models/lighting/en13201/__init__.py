"""EN 13201: required classes, energy indicators, and the light people get."""
