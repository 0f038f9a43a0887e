"""The answer to the gateway question: numbers, figures, maps, tables, page."""

from models.lora.answer.write import write

__all__ = ["write"]
