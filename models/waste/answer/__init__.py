"""The answer to the waste question: numbers, figures, map, tables, page."""

from __future__ import annotations

# Imported here and not when asked: loading a module called `write` later would hide the function.
from models.waste.answer.write import write

__all__ = ["write"]
