"""The report: one offline HTML file an elected official reads in a minute and a critic in an hour.

A :class:`Document` is data in both languages; :func:`render` writes it in one. No script, no
external resource (a content policy in the page forbids them), no date of its own: the same
document gives the same bytes. Follows RGAA 4.1 / WCAG 2.1 AA where markup can: language, title,
headings in order, skip link, text alternatives, data tables, contrasts of 4.5:1 and more.

Texts may hold `**strong**` and `` `code` ``, nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from twin.files import write_text
from twin.lang import Lang, Text
from twin.report import typography as typo
from twin.report.blocks import STATUSES, Answer, Block, Callout, FigureBlock
from twin.report.svg import Svg
from twin.report.tables import to_html

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Section:
    """A titled part; `key` is its anchor."""

    key: str
    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Fact:
    """A line of the colophon: seed, version, command, hash."""

    label: Text
    value: Text


@dataclass(frozen=True)
class Document:
    """The whole report. `notices` are callouts shown right under the answer."""

    title: Text
    answer: Answer
    sections: tuple[Section, ...] = ()
    subtitle: Text | None = None
    notices: tuple[Callout, ...] = ()
    colophon: tuple[Fact, ...] = ()


WORDS: dict[str, Text | tuple[Text, ...]] = {
    "skip": Text("Aller au contenu", "Skip to content"),
    "answer": Text("La réponse", "The answer"),
    "contents": Text("Sommaire", "Contents"),
    "figure": Text("Figure", "Figure"),
    "numbers": Text("Les chiffres de cette figure", "The numbers behind this figure"),
    "colophon": Text("Refaire ce calcul", "Reproduce this result"),
    "assumption_heads": (
        Text("Hypothèse", "Assumption"),
        Text("Valeur", "Value"),
        Text("Statut", "Status"),
        Text("Source", "Source"),
    ),
}


@dataclass(frozen=True)
class Drawn:
    """A figure ready for the page."""

    number: int
    svg: Svg
    markup: str


@dataclass
class _Gallery:
    """The figures of one page: numbers them and refuses a name met twice."""

    lang: Lang
    names: list[str] = field(default_factory=list)

    def show(self, block: FigureBlock) -> Drawn:
        svg = block.draw if isinstance(block.draw, Svg) else block.draw(self.lang)
        if svg.lang is not self.lang:
            raise ValueError(f"figure {svg.name} is drawn in {svg.lang}, the page is {self.lang}")
        if svg.name in self.names:
            raise ValueError(f"two figures are named {svg.name}")
        self.names.append(svg.name)
        return Drawn(len(self.names), svg, inline(svg))


def inline(figure: Svg) -> str:
    """Return the figure without its title as an inline image with its text alternative."""
    alt = escape(typo.spaced(figure.alt.say(figure.lang), figure.lang), quote=True)
    return figure.headless.replace("<svg ", f'<svg role="img" aria-label="{alt}" ', 1)


def rich(text: str) -> str:
    """Return `text` as safe HTML, its `**strong**` and `` `code` `` marked up."""
    safe = escape(text)
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", safe)


def render(document: Document, lang: Lang = Lang.FR) -> str:
    """Return the document as one HTML page in `lang`.

    Raises
    ------
    ValueError
        If two figures or two sections share a name, or a figure is drawn in another language.
    jinja2.UndefinedError
        If a template names what does not exist.
    """
    keys = [section.key for section in document.sections]
    if len(set(keys)) != len(keys):
        raise ValueError(f"two sections share a key: {keys}")
    environment = _environment(lang)
    return str(
        environment.get_template("report.html.j2").render(
            document=document,
            lang=lang.value,
            words=WORDS,
            statuses=STATUSES,
            stylesheet=_stylesheet(),
        )
    )


def write(document: Document, path: Path, lang: Lang = Lang.FR) -> Path:
    """Write :func:`render` to `path`, atomically; return `path`."""
    return write_text(path, render(document, lang))


def _stylesheet() -> Any:
    from markupsafe import Markup

    return Markup((TEMPLATES / "style.css").read_text("utf-8").strip())  # noqa: S704 - our own file


def _environment(lang: Lang) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    gallery = _Gallery(lang)

    def say(text: Text) -> str:
        return typo.spaced(text.say(lang), lang)

    def drawn(block: FigureBlock) -> Drawn:
        ready = gallery.show(block)
        return Drawn(ready.number, ready.svg, Markup(ready.markup))  # noqa: S704 - drawn by us

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        say=say,
        rich=lambda text: Markup(rich(say(text))),  # noqa: S704 - escaped by rich
        html_table=lambda table, caption: Markup(to_html(table, lang, caption=caption)),  # noqa: S704 - escaped by to_html
        drawn=drawn,
        kind=lambda block: type(block).__name__,
    )
    return environment
