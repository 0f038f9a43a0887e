"""The answer to the question a scenario asks: numbers, figures, maps, tables, page."""

from __future__ import annotations

# Imported here and not when asked: loading a module called `write` later would hide the function.
from models.lora.answer.write import write as write_gateways
from models.lora.model import asks_load
from twin.ports import Say
from twin.study.conduct import Run


def write(run: Run, say: Say) -> None:
    """Write the answer to the gateway question, or to the load question."""
    if asks_load(run.scenario):
        from models.lora.load.answer.write import write as write_load

        write_load(run, say)
        return
    write_gateways(run, say)


__all__ = ["write"]
