"""Calibration of a propagation model on measured receptions, missed frames included.

`frames` and `network_logs` read measurements, `observations` holds them, `likelihood` fits a level
model by censored or truncated maximum likelihood, `fit` assembles the answer, `table` shows the
model before and after.
"""
