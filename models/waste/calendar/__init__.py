"""The optimised fixed calendar: what better days and sectors save alone, without any sensor."""
