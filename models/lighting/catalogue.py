"""The lanterns a study knows: the usual ones, and a planner's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from models.lighting.lamp_types import LampType, Technology
from twin.tables import Column, Kind, read_table

USUAL = Path(__file__).with_name("catalogue.csv")

_SHARE = Column(minimum=0.0, maximum=1.0)
COLUMNS = {
    "id": Column(Kind.TEXT, unique=True),
    "technology": Column(Kind.TEXT, choices=get_args(Technology)),
    "lamp_w": Column(minimum=0.1, maximum=5_000.0),
    "gear_w": Column(minimum=0.0, maximum=1_000.0),
    "flux_lm": Column(minimum=1.0, maximum=1e6),
    "dimmable": Column(Kind.FLAG),
    "floor_share": _SHARE,
    "life_h": Column(minimum=100.0, maximum=1e8),
    "life_shape": Column(minimum=0.2, maximum=20.0),
    "flux_loss_per_kh": Column(minimum=0.0, maximum=0.2),
}


def read_catalogue(path: Path = USUAL) -> tuple[LampType, ...]:
    """Return the lanterns of a table.

    Raises
    ------
    DataError
        With every fault: a negative power, an unknown technology, a name twice.
    """
    table = read_table(path, COLUMNS)
    numbers = {
        name: table.numbers(name).tolist()
        for name, column in COLUMNS.items()
        if column.kind is Kind.NUMBER
    }
    return tuple(
        LampType(
            id=name,
            technology=technology,  # type: ignore[arg-type]  # one of its choices
            dimmable=bool(dimmable),
            **{key: values[row] for key, values in numbers.items()},
        )
        for row, (name, technology, dimmable) in enumerate(
            zip(table.texts("id"), table.texts("technology"), table.flags("dimmable"), strict=True)
        )
    )


def merged(own: Sequence[LampType], usual: Sequence[LampType]) -> tuple[LampType, ...]:
    """Return a planner's lanterns before the usual ones that they do not replace."""
    names = {each.id for each in own}
    return (*own, *(each for each in usual if each.id not in names))
