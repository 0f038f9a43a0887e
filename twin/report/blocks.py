"""What a report is made of: an answer with key figures, paragraphs, tables, figures, assumptions.

Texts may hold `**strong**` and `` `code` ``, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from twin.lang import Lang, Text
from twin.report.svg import Svg
from twin.report.tables import Table

Status = Literal["sourced", "derived", "unverified"]
ASSUMPTIONS_TITLE = Text("Hypothèses et leur statut", "Assumptions and their status")


@dataclass(frozen=True)
class Card:
    """One key figure under the headline: what, how much, and its interval or condition."""

    label: Text
    value: Text
    detail: Text | None = None


@dataclass(frozen=True)
class Answer:
    """The answer in one sentence, with its key figures."""

    headline: Text
    cards: tuple[Card, ...] = ()
    detail: Text | None = None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a `lead` one is set larger."""

    text: Text
    lead: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: Text


@dataclass(frozen=True)
class Bullets:
    """A list, numbered when `ordered`."""

    items: tuple[Text, ...]
    ordered: bool = False


@dataclass(frozen=True)
class TableBlock:
    """A table, under a fold when it is long."""

    table: Table
    folded: bool = False


@dataclass(frozen=True)
class FigureBlock:
    """A figure, drawn already or drawn in the language asked; its numbers follow under a fold."""

    draw: Svg | Callable[[Lang], Svg]
    caption: Text | None = None


@dataclass(frozen=True)
class Callout:
    """A boxed remark."""

    title: Text
    text: Text
    kind: Literal["note", "warning"] = "note"


@dataclass(frozen=True)
class Assumption:
    """One assumption: value or range as printed, status, and where it comes from."""

    name: Text
    value: Text
    status: Status
    source: Text


@dataclass(frozen=True)
class Assumptions:
    """A table of assumptions with a lettered, coloured badge for each status."""

    items: tuple[Assumption, ...]
    title: Text = ASSUMPTIONS_TITLE


@dataclass(frozen=True)
class FileLink:
    """A file written with the report: path relative to the page, and what it holds."""

    path: str
    what: Text


@dataclass(frozen=True)
class Files:
    """The list of files written with the report."""

    items: tuple[FileLink, ...]


Block: TypeAlias = (
    Paragraph | Heading | Bullets | TableBlock | FigureBlock | Callout | Assumptions | Files
)


@dataclass(frozen=True)
class StatusWords:
    """How a status is shown: letter, word, meaning."""

    letter: Text
    word: Text
    meaning: Text


STATUSES: dict[str, StatusWords] = {
    "sourced": StatusWords(
        Text("S", "S"), Text("sourcé", "sourced"), Text("publié, source citée", "published, cited")
    ),
    "derived": StatusWords(
        Text("D", "D"), Text("dérivé", "derived"), Text("calculé à partir de sources", "computed")
    ),
    "unverified": StatusWords(
        Text("N", "U"),
        Text("non vérifié", "unverified"),
        Text("à confirmer par un devis ou une mesure", "to be confirmed by a quote or a measure"),
    ),
}
