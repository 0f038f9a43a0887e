"""An inventory for other programs: TALQ 2.6, NGSI-LD, a table of its own, load curves."""
