"""Indicators as a program, a spreadsheet and a person read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from models.water.indicators.assess import Assessment
from models.water.indicators.threshold import Grade
from twin.lang import Lang, Text
from twin.report.aligned import aligned
from twin.report.tables import Cell, Column, Kind, Table
from twin.report.typography import spaced

_YES, _NO = Text("oui", "yes"), Text("non", "no")


def columns(lang: Lang) -> tuple[Column, ...]:
    """Return the columns of indicators, units in the reader's language."""
    a_day = Text("m³/km/j", "m³/km/d").say(lang)
    return (
        Column("service", Text("service", "service")),
        Column("year", Text("année", "year"), Kind.YEAR),
        Column("yield_share", Text("rendement", "yield"), Kind.SHARE, decimals=1),
        Column("threshold_share", Text("seuil", "threshold"), Kind.SHARE, decimals=1),
        Column("passes", Text("atteint", "passes")),
        Column("grade", Text("qualité", "grade")),
        Column("ilp_m3_km_day", Text("ILP", "ILP"), Kind.NUMBER, a_day),
        Column("ilp_ceiling_m3_km_day", Text("plafond", "ceiling"), Kind.NUMBER, a_day, 1),
        Column("ilvnc_m3_km_day", Text("ILVNC", "ILVNC"), Kind.NUMBER, a_day),
        Column("ilc_m3_km_day", Text("ILC", "ILC"), Kind.NUMBER, a_day),
        Column("losses_m3", Text("pertes", "losses"), Kind.NUMBER, "m³", 0),
        Column("ili", Text("ILI", "ILI"), Kind.NUMBER),
    )


_SENTENCES = (
    Column("reason", Text("motif", "reason")),
    Column("notices", Text("à savoir", "to be known")),
)


def as_json(row: Assessment, lang: Lang) -> dict[str, object]:
    """Return what a program needs of one row; the keys stand in `indicators_command`."""
    found: dict[str, object] = {each.name: getattr(row, each.name) for each in fields(row)}
    return found | {
        "grade": row.grade.name.lower(),
        "reason": row.reason.say(lang),
        "notices": [notice.say(lang) for notice in row.notices],
    }


def indicator_table(rows: Sequence[Assessment]) -> Table:
    """Return the table that a spreadsheet opens, reasons included."""
    shown = columns(Lang.FR)
    return Table(
        name="water_indicators",
        title=Text("Indicateurs des services d'eau", "Indicators of water services"),
        columns=shown + _SENTENCES,
        rows=tuple(
            (*(_cell(row, column.name) for column in shown), row.reason, _joined(row.notices))
            for row in rows
        ),
    )


def lines(rows: Sequence[Assessment], lang: Lang) -> Iterator[str]:
    """Yield a table with aligned columns, then a sentence on each row."""
    shown = columns(lang)
    cells = tuple(tuple(_cell(row, column.name) for column in shown) for row in rows)
    title = Text("Indicateurs des services d'eau", "Indicators of water services")
    yield from aligned(Table("water_indicators", title, shown, cells), lang)
    yield ""
    for row in rows:
        verdict = Text("seuil atteint", "passes") if row.passes else Text("sous le seuil", "fails")
        said = _joined((verdict, row.reason, *row.notices)) or verdict
        whole = Text(
            f"{row.service} {row.year} : {said.fr}", f"{row.service} {row.year}: {said.en}"
        )
        yield spaced(whole.say(lang), lang)


def _cell(row: Assessment, name: str) -> Cell:
    value = getattr(row, name)
    if isinstance(value, Grade):
        return value.value
    if isinstance(value, bool):
        return _YES if value else _NO
    return value  # type: ignore[no-any-return]


def _joined(notices: Sequence[Text]) -> Text | None:
    if not notices:
        return None
    return Text(" ; ".join(n.fr for n in notices), "; ".join(n.en for n in notices))
