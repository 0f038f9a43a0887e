"""The answer to the water question: numbers, figures, maps, tables, page."""

from __future__ import annotations

# Imported here and not when asked: loading a module called `write` later would hide the function.
from models.water.answer.write import write

__all__ = ["write"]
