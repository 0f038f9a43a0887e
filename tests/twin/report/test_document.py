"""The report as one offline HTML page."""

from __future__ import annotations

import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from twin.lang import Lang, Text, same
from twin.report import blocks, figures
from twin.report.blocks import STATUSES
from twin.report.document import TEMPLATES, Document, Fact, Section, render, rich, write
from twin.report.svg import Svg
from twin.report.tables import Column, Kind, Table

COST = Column("cost_eur", Text("Coût", "Cost"), Kind.EURO, tax="HT")
TABLE = Table(
    "costs", Text("Coûts par option", "Costs by option"),
    (Column("option", Text("Option", "Option")), COST),
    (("<b>A</b>", 1200.0), ("Total", 1200.0)), note=Text("Euros 2026.", "2026 euros."), total=True,
)  # fmt: skip
VOID = {"meta", "link", "br", "img", "input", "hr"}


def bars(name: str, lang: Lang) -> Svg:
    """Draw a small figure."""
    title = Text("L'option A suffit", "Option A is enough")
    return figures.option_bars(name, title, [figures.Bar(same("A"), 1.0)], COST, lang)


@pytest.fixture
def document() -> Document:
    """Return a document with every block."""
    return Document(
        title=Text("Combien d'unités ?", "How many units?"),
        subtitle=Text("Étude", "Study"),
        answer=blocks.Answer(
            Text("**143 unités** suffisent.", "**143 units** are enough."),
            (blocks.Card(Text("Coût HT", "Cost"), Text("1,12 M€", "€1.12M"), same("0,8")),),
            Text("Détail", "Detail"),
        ),
        notices=(
            blocks.Callout(
                Text("Attention", "Beware"), Text("Synthétique", "Synthetic"), "warning"
            ),
        ),
        sections=(
            Section(
                "options",
                Text("Les options", "The options"),
                (
                    blocks.Paragraph(Text("Un & deux : <i>", "One & two: <i>"), lead=True),
                    blocks.Heading(Text("Plus bas", "Below")),
                    blocks.Bullets((Text("un", "one"), Text("`deux`", "`two`")), ordered=True),
                    blocks.TableBlock(TABLE),
                    blocks.TableBlock(TABLE, folded=True),
                    blocks.FigureBlock(partial(bars, "first"), Text("Légende", "Caption")),
                    blocks.FigureBlock(partial(bars, "second")),
                    blocks.Callout(Text("Note", "Note"), Text("Texte", "Text")),
                    blocks.Assumptions(
                        tuple(
                            blocks.Assumption(same(status), same("1"), status, same("x"))
                            for status in ("sourced", "derived", "unverified")
                        )
                    ),
                    blocks.Files((blocks.FileLink("maps/a.gpkg", Text("Couches", "Layers")),)),
                ),
            ),
        ),
        colophon=(Fact(Text("Graine", "Seed"), same("36")),),
    )


class Checker(HTMLParser):
    """Collects identifiers, headings and unbalanced tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.wrong: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens."""
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if re.fullmatch(r"h\d", tag):
            self.levels.append(int(tag[1]))

    def handle_startendtag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the identifiers of a self-closing element."""
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        """Note what closes out of turn."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("lang", list(Lang))
def test_well_formed(document: Document, lang: Lang) -> None:
    """Tags balance, identifiers are unique, headings never skip a level, the language is said."""
    page = render(document, lang)
    seen = Checker(page)
    assert seen.wrong == []
    assert seen.open == []
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.levels[0] == 1
    assert seen.levels.count(1) == 1
    assert all(
        after <= before + 1 for before, after in zip(seen.levels, seen.levels[1:], strict=False)
    )
    assert f'<html lang="{lang}">' in page


def test_same_bytes(document: Document, tmp_path: Path) -> None:
    """The same document gives the same bytes, with no date of its own."""
    one, two = (write(document, tmp_path / name) for name in ("1.html", "2.html"))
    assert one.read_bytes() == two.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.html", "2.html"]


def test_offline(document: Document) -> None:
    """Nothing is loaded from outside and no script is there."""
    page = render(document)
    assert "<script" not in page
    assert "<link" not in page
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
    assert not re.search(r"url\((?!#|&quot;#)", page)
    assert "default-src 'none'" in page


def test_figures_have_alternative_and_numbers(document: Document) -> None:
    """Each figure is an image with a text alternative, numbered, followed by its data table."""
    page = render(document)
    assert page.count('<svg role="img" aria-label="') == 2
    assert page.count("Les chiffres de cette figure") == 2
    assert "Figure 1" in page
    assert "Figure 2" in page
    assert page.count("L&#39;option A suffit") >= 4


def test_text_is_escaped_and_marked_up(document: Document) -> None:
    """Imported markup is escaped; only the house's own two marks become HTML."""
    page = render(document)
    assert "Un &amp; deux\u00a0: &lt;i&gt;" in page
    assert "&lt;b&gt;A&lt;/b&gt;" in page
    assert "<strong>143 unités</strong>" in page
    assert rich("<x> **y** `z`") == "&lt;x&gt; <strong>y</strong> <code>z</code>"


def test_statuses_are_lettered(document: Document) -> None:
    """Badges carry a letter and a word, so that colour is never alone."""
    page = render(document)
    for status, shown in STATUSES.items():
        assert f'class="badge {status}"' in page
        assert f"</b> {shown.word.fr}" in page


def test_language_is_chosen_at_the_end(document: Document) -> None:
    """One document renders in either language, figures included."""
    page = render(document, Lang.EN)
    assert "The answer" in page
    assert "Option A is enough" in page
    assert "La réponse" not in page


def test_clashes_are_refused(document: Document) -> None:
    """Two figures or sections of one name, or a figure in the other language, are refused."""
    twice = blocks.FigureBlock(partial(bars, "same"))

    def page(*inside: blocks.Block, keys: tuple[str, ...] = ("a",)) -> Document:
        sections = tuple(Section(key, same(key), inside) for key in keys)
        return Document(document.title, document.answer, sections)

    with pytest.raises(ValueError, match="two figures"):
        render(page(twice, twice))
    with pytest.raises(ValueError, match="share a key"):
        render(page(keys=("a", "a")))
    with pytest.raises(ValueError, match="drawn in en"):
        render(page(blocks.FigureBlock(bars("x", Lang.EN))))


def test_templates_are_strict() -> None:
    """A template that names what does not exist fails loudly."""
    strict = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
    with pytest.raises(jinja2.UndefinedError):
        strict.from_string("{{ nothing }}").render()


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("#1b2733", "#ffffff"), ("#51606e", "#ffffff"), ("#51606e", "#f4f7fa"),
        ("#0b5a94", "#ffffff"), ("#ffffff", "#0b3a5e"), ("#b9d6ec", "#0b3a5e"),
        ("#dcebf6", "#0b3a5e"), ("#3d2200", "#fff1d6"), ("#6e3b00", "#fff1d6"),
        ("#0b3a5e", "#eaf2f9"), ("#005a41", "#e5f5ef"), ("#0b4f82", "#e6f0f9"),
        ("#7a3600", "#fdeee2"), ("#ffffff", "#006b4e"), ("#ffffff", "#0b5a94"),
        ("#ffffff", "#a34700"),
    ],
)  # fmt: skip
def test_contrast(text: str, ground: str) -> None:
    """Every pair of text and ground in the style sheet reaches 4.5:1 (WCAG 2.1 AA, 1.4.3)."""
    sheet = (TEMPLATES / "style.css").read_text("utf-8")
    for colour in {text, ground} - {"#ffffff"}:
        assert colour in sheet
    light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
