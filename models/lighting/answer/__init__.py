"""The answer to the lighting question: numbers, figures, maps, tables, page."""

from __future__ import annotations

# Imported here and not when asked: loading a module called `write` later would hide the function.
from models.lighting.answer.write import write

__all__ = ["write"]
