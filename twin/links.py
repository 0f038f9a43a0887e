"""Links by name: what a utility asks of the scenario's links, without knowing any package.

A package of links holds `settings.py` with a class `Settings`, and `make.py` with

* `make_link(settings, context) -> Link`: a link not yet started, on one replication's dice;
* `check(settings, scenario) -> Sequence[Text]` (optional): read what it names, write nothing;
* `prepare(settings, scenario, workspace, say, fleets)` (optional): do once what does not depend on
  the dice (terrain, path losses), and keep it in the workspace's cache, by content.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.errors import Faults
from twin.lang import Text
from twin.ports import Link, Say
from twin.scenario import Option, Scenario
from twin.scenario.links import NamedLink
from twin.signals import Fleet
from twin.streams import Streams
from twin.workspace import Workspace


@dataclass(frozen=True)
class LinkContext:
    """What a link may know of the replication it lives in.

    `assume` gives the replication's value of an uncertain figure; `cache` is where preparations are
    kept, None where the caller has no workspace.
    """

    scenario: Scenario
    streams: Streams
    assume: Callable[[str], float]
    cache: Path | None = None


def make_link(named: NamedLink, context: LinkContext) -> Link:
    """Return the link, fresh and not yet started."""
    link: Link = _package(named).make_link(named.settings, context)
    return link


def check_links(
    scenario: Scenario, option: Option, names: Iterable[str], key: str = "link"
) -> list[Text]:
    """Read what the links of these names need, write nothing; return what should be told.

    `key` is the dotted key that names them, for messages. For a model's `check`.

    Raises
    ------
    InputError
        Once, with every fault: an unknown name, a table at fault, an assumption that is missing.
    """
    faults, notices = Faults(), list[Text]()
    for name in dict.fromkeys(names):
        with faults.gathered():
            named = option.link(name, key)
            check = getattr(_package(named), "check", None)
            notices += () if check is None else check(named.settings, scenario)
    faults.raise_all()
    return notices


def prepare_links(
    scenario: Scenario,
    option: Option,
    names: Iterable[str],
    workspace: Workspace,
    say: Say,
    fleets: Sequence[Fleet] = (),
) -> None:
    """Let the links of these names prepare what does not depend on the dice.

    `fleets` are those that will be registered, where their places are known by now: replications
    then find the path losses ready. For a model's `prepare`.

    Raises
    ------
    InputError
        As :func:`check_links`.
    """
    for name in dict.fromkeys(names):
        named = option.link(name)
        prepare = getattr(_package(named), "prepare", None)
        if prepare is not None:
            prepare(named.settings, scenario, workspace, say, fleets)


def _package(named: NamedLink) -> Any:
    return importlib.import_module(f"{named.package}.make")
