"""The assumptions that move an answer most, as a figure: the same in every answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from twin.decide.priors import Prior
from twin.decide.sensitivity import TornadoRow
from twin.lang import Lang, Text
from twin.report import figures as draw
from twin.report.figures import Sensitivity
from twin.report.svg import Svg
from twin.report.tables import Column
from twin.report.typography import number


def sensitivity_chart(
    name: str,
    what: Text,
    rows: Sequence[TornadoRow],
    priors: Mapping[str, Prior],
    measure: Column,
    lang: Lang,
    end: Callable[[Prior, float], Text],
) -> Svg:
    """Show what `what` becomes at either end of each assumption of `rows`, widest swing first.

    `priors` holds the assumption of each row; `end` says an assumption at a value in its unit (see
    :func:`end_text`). The title names the first row, and there must be one.
    """
    items = [
        Sensitivity(
            label=priors[row.name].label,
            at_low=row.low.mean,
            at_high=row.high.mean,
            low_label=end(priors[row.name], priors[row.name].quantile(row.low_quantile)),
            high_label=end(priors[row.name], priors[row.name].quantile(row.high_quantile)),
        )
        for row in rows
    ]
    first = priors[rows[0].name].label
    title = Text(
        f"Ce qui change le plus {what.fr} : {first.fr[:1].lower()}{first.fr[1:]}",
        f"What changes {what.en} most: {first.en[:1].lower()}{first.en[1:]}",
    )
    return draw.tornado(name, title, items, rows[0].base.mean, measure, lang)


def end_text(value: float, unit: str) -> Text:
    """Return an end of an assumption as a label has room for; the unit `1` is not printed.

    >>> end_text(0.123, "1").en
    '0.12'
    """
    digits = 2 if abs(value) < 1 else (1 if abs(value) < 20 else 0)  # noqa: PLR2004 - what a reader can take in
    tail = "" if unit == "1" else f" {unit}"
    return Text(number(value, digits, Lang.FR) + tail, number(value, digits, Lang.EN) + tail)
