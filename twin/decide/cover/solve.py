"""Solve a cover problem: presolve, greedy, local search, then a ladder of refutations.

Two ways to end. By *effort* (the default): counts of moves and nodes, so the same seed gives the
same bits on any machine: what studies use. By *time*: `time_limit_s` CPU seconds of the process on
top of the counts; the answer is just as valid, but how far it went depends on the machine, and
`CoverSolution.is_repeatable` says so.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.components import split
from twin.decide.cover.core import Core
from twin.decide.cover.effort import STUDY, Effort, Meter
from twin.decide.cover.greedy import greedy
from twin.decide.cover.ladder import Ladder
from twin.decide.cover.local_search import improve_cover
from twin.decide.cover.model import (
    covered_rows,
    full_program,
    is_feasible,
    objective_of,
    share_program,
)
from twin.decide.cover.presolve import Reduction, presolve
from twin.decide.cover.problem import CoverProblem, Requirement
from twin.decide.cover.prune import prune
from twin.decide.cover.reach import ensure_reachable, multiplicity, needs
from twin.decide.cover.scale import common_unit_eur, raise_to_unit
from twin.decide.cover.share_search import improve_share
from twin.decide.cover.solution import CoverSolution, Stop, TraceStep
from twin.errors import Fault, RunError, UnreachableError
from twin.lang import Text
