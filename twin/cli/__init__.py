"""The command line: one file per command; utilities bring theirs in `models/*/commands.py`."""

from twin.cli.app import main

__all__ = ["main"]
