"""Multicast groups of a link: who belongs to them, when they listen, and what came of a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.lora.network.setup import Groups
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.signals import AssetId, DeviceClass

PING_SLOT_DATA_RATE = 3
"""Data rate of class B ping slots in EU868: SF9 [V]."""


@dataclass(frozen=True)
class Multicast:
    """A multicast that has been sent: when it was asked for, when its frame ended, who heard it.

    Nobody acknowledges a multicast: `heard` is the truth, for the model whose devices obey. A
    policy would learn it from later readings only.
    """

    group: str
    name: str
    asked_s: float
    ended_s: float
    heard: Mapping[AssetId, bool]


@dataclass(frozen=True)
class Member:
    """A device of a group: its name, its index in the network once that is built, its class."""

    asset: AssetId
    fleet: str
    row: int
    device_class: DeviceClass


@dataclass(frozen=True)
class Group:
    """Devices that one message reaches at once; all of class B or all of class C."""

    name: str
    members: tuple[Member, ...]

    @property
    def device_class(self) -> DeviceClass:
        """Return the class of its members."""
        return self.members[0].device_class


def checked(group: Group, known: Mapping[str, Group]) -> Group:
    """Return the group.

    Raises
    ------
    InputError
        With every fault: a name taken, no member, a member twice, a member of class A, which hears
        no multicast, or both classes together.
    """
    faults = list(_faults(group, known))
    if faults:
        raise InputError(*faults)
    return group


def groups_table(groups: Iterable[Group], places: Mapping[str, slice]) -> Groups:
    """Return the engine's table, one row a group; `places` are the fleets' in the network."""
    groups = list(groups)
    counts = [len(group.members) for group in groups]
    devices = [places[m.fleet].start + m.row for group in groups for m in group.members]
    return Groups(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.array(devices, dtype=np.int64),
    )


def _faults(group: Group, known: Mapping[str, Group]) -> Iterator[Fault]:
    if group.name in known:
        yield Fault(
            Text("un nom de groupe encore libre", "a group's name still free"),
            Text("le renommer", "rename it"),
            key="group",
            value=group.name,
        )
    names = [member.asset for member in group.members]
    if not names or len(set(names)) < len(names):
        yield Fault(
            Text("au moins un membre, chacun une fois", "at least one member, each once"),
            Text("corriger la liste du groupe", "correct the group's list"),
            key=f"group.{group.name}",
            value=f"{len(names)}",
        )
    classes = sorted({member.device_class for member in group.members})
    if names and classes not in (["B"], ["C"]):
        deaf = sorted({m.fleet for m in group.members if m.device_class == "A"})
        yield Fault(
            Text("des membres tous de classe B, ou tous C", "members all of class B, or all of C"),
            Text(
                "la classe A n'entend pas de multidiffusion : changer la classe ou les membres",
                "class A hears no multicast: change the class or the members",
            ),
            key=f"group.{group.name}",
            value=", ".join(deaf) or "B, C",
        )
