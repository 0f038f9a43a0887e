"""Where replications run: here, on worker processes, or on a Dask cluster. The same bits."""

from twin.study.executors.contract import Played, attempt, played
from twin.study.executors.inline import InlineExecutor
from twin.study.executors.processes import ProcessExecutor

__all__ = ["InlineExecutor", "Played", "ProcessExecutor", "attempt", "played"]
