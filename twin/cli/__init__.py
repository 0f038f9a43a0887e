"""The command line: one file per command; a utility brings its own in `models/<name>/commands.py`."""

from twin.cli.app import main

__all__ = ["main"]
