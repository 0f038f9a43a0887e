"""The fixed calendars of an option, made once and kept: today's, or the optimised one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from models.waste.calendar.calendar import Calendar
from models.waste.calendar.current import current_calendar
from models.waste.calendar.inputs import CalendarInputs, Effort
from models.waste.calendar.optimise import optimise
from models.waste.equal_service import equal_waits, yearly_full_days
from models.waste.expected import expected_cv
from models.waste.policies.fixed import Schedule
from models.waste.settings import Settings
from models.waste.stage import StreamStage, WasteStage
from twin.files import write_atomically
from twin.lang import Text
from twin.ports import Say
from twin.scenario import Scenario
from twin.workspace import Workspace

TOLERATED = 1.05
"""Expected full days over today's from which a calendar is no longer of equal service."""


def load_schedules(
    scenario: Scenario, settings: Settings, stage: WasteStage, workspace: Workspace, say: Say
) -> dict[str, Schedule]:
    """Return each stream's calendar, from the workspace where it was made before."""
    files = {
        each.name: workspace.folder / _file_name(scenario, settings, stage, each)
        for each in stage.streams
    }
    missing = [each for each in stage.streams if not files[each.name].is_file()]
    if missing:
        _make_all(scenario, settings, stage, missing, files, say)
    return {name: _read(file) for name, file in files.items()}


def calendar_inputs(
    scenario: Scenario,
    settings: Settings,
    stage: WasteStage,
    each: StreamStage,
    *,
    current: bool,
) -> CalendarInputs:
    """Return what a stream's calendar is made from: what is on file, never a world's figures."""
    weeks = max(1, round(each.section.current_weeks)) if current else settings.policy.cycle_weeks
    depot = np.empty(len(each.points), dtype=np.int64)
    for one in each.depots:
        depot[one.points] = one.vehicle.start
    effort: Effort = "quick" if scenario.quick else "full"
    return CalendarInputs(
        rate_l=each.points.rate_l,
        cv=expected_cv(settings, each.points.rate_l),
        capacity_l=each.points.capacity_l,
        demand_per_l=1.0,
        service_s=each.service.service_s,
        travel=stage.travel,
        location=each.service.location,
        depot=depot,
        vehicles=tuple(one.vehicle for one in each.depots),
        weekdays=each.section.shift.weekdays,
        first_weekday=scenario.study.start.weekday(),
        risk=settings.policy.calendar_risk or 0.05,
        cycle_weeks=weeks,
        rate_sd=settings.service.rate_doubt,
        load_share=0.95,
        strict=False,
        seed=scenario.study.seed,
        effort=effort,
    )


def make_calendar(
    scenario: Scenario, settings: Settings, stage: WasteStage, each: StreamStage
) -> Calendar:
    """Return today's calendar, or the best one found that leaves no more points full."""
    today_inputs = calendar_inputs(scenario, settings, stage, each, current=True)
    visits = max(1, round(1.0 / each.section.current_weeks))
    risk = settings.policy.calendar_risk
    if settings.policy.kind == "current":
        return current_calendar(today_inputs, visits=(visits,))
    inputs = calendar_inputs(scenario, settings, stage, each, current=False)
    if risk is not None:
        return optimise(inputs)
    today = current_calendar(today_inputs, visits=(visits,))
    wanted = yearly_full_days(today_inputs, today)
    waits = equal_waits(inputs, each.visit_eur, wanted)
    # The search visits some points more often than it must, where that suits a round. A quick one
    # tells by how much, and the waits of the real one may be that much longer.
    quick = optimise(replace(inputs, longest_days=waits.longest_days, effort="quick"))
    spare = wanted / max(yearly_full_days(inputs, quick), 1e-9)
    waits = equal_waits(inputs, each.visit_eur, wanted * max(1.0, spare))
    better = optimise(replace(inputs, longest_days=waits.longest_days))
    # Should it overshoot, the first is kept: today's service comes before kilometres.
    return better if yearly_full_days(inputs, better) <= TOLERATED * wanted else quick


def _make_all(
    scenario: Scenario,
    settings: Settings,
    stage: WasteStage,
    streams: Sequence[StreamStage],
    files: dict[str, Path],
    say: Say,
) -> None:
    """Make the calendars of some streams and write them; the slow ones side by side."""
    names = ", ".join(each.section.label for each in streams)
    names_en = ", ".join(each.section.label_en for each in streams)
    what = Text(f"calendriers : {names}", f"calendars: {names_en}")
    say(what, 0.0)
    make = partial(make_calendar, scenario, settings, stage)
    workers = min(os.cpu_count() or 1, len(streams))
    if settings.policy.kind == "current" or workers == 1:
        made = [make(each) for each in streams]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            made = list(pool.map(make, streams))
    for each, calendar in zip(streams, made, strict=True):
        _write(files[each.name], calendar)
    say(what, 1.0)


def _file_name(scenario: Scenario, settings: Settings, stage: WasteStage, each: StreamStage) -> str:
    current = settings.policy.kind == "current"
    inputs = calendar_inputs(scenario, settings, stage, each, current=current)
    return f"calendar-{each.name}-{_key(inputs, settings, each)}.npz"


def _key(inputs: CalendarInputs, settings: Settings, each: StreamStage) -> str:
    kept = {
        **inputs.__dict__,
        "travel": "",
        "kind": settings.policy.kind,
        "weeks": each.section.current_weeks,
        "risk": settings.policy.calendar_risk or 0.0,
    }
    text = repr({name: np.asarray(value).tolist() if isinstance(value, np.ndarray) else value
                 for name, value in sorted(kept.items())})  # fmt: skip
    summary = hashlib.sha256(text.encode())
    summary.update(np.ascontiguousarray(inputs.travel.distance_m).tobytes())
    return summary.hexdigest()[:12]


def _write(file: Path, made: Calendar) -> None:
    with write_atomically(file) as handle:
        np.savez(
            handle,
            head=np.array([made.first_weekday, made.cycle_days]),
            weekdays=np.array(made.weekdays),
            due=made.due,
            longest_days=made.longest_days,
            beyond=made.beyond,
        )


def _read(file: Path) -> Calendar:
    """Return a calendar without its rounds: each morning makes its own."""
    with np.load(file) as kept:
        first_weekday, cycle_days = (int(value) for value in kept["head"])
        return Calendar(
            first_weekday,
            cycle_days,
            tuple(int(day) for day in kept["weekdays"]),
            kept["due"],
            (),
            kept["longest_days"],
            kept["beyond"],
        )
