"""The kernel: time, space, chance, messages, runs, decisions, reports. It knows no utility."""

__version__ = "0.1.0"
