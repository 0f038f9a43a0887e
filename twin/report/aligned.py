"""A table as lines of text with aligned columns, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from twin.lang import Lang
from twin.report.tables import Table


def aligned(table: Table, lang: Lang = Lang.FR) -> Iterator[str]:
    """Yield the heads, then each row; numbers are set to the right."""
    heads = [column.heading(lang) for column in table.columns]
    texts = [
        [column.say(cell, lang, bare=True) for column, cell in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
    widths = [max(map(len, column)) for column in zip(heads, *texts, strict=True)]
    for cells in (heads, *texts):
        yield "  ".join(
            text.rjust(width) if column.is_numeric else text.ljust(width)
            for text, width, column in zip(cells, widths, table.columns, strict=True)
        ).rstrip()
