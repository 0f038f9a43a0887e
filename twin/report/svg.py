"""A finished figure: SVG text, what it says to those who cannot see it, and its numbers.

matplotlib's SVG is tidied here so that several figures can stand inline in one page: no prolog,
no date, no global style sheet, no identifier that nothing refers to, coordinates to a hundredth
of a point, text kept as text in the reader's own sans-serif font.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from twin.files import write_text
from twin.lang import Lang, Text
from twin.report.tables import Table

FONT_STACK = "'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
TITLE_GID = "figure-title"
HALO_GID = "halo"
HALO_STYLE = "paint-order:stroke;stroke:#fff;stroke-width:3;stroke-linejoin:round"


@dataclass(frozen=True)
class Svg:
    """One figure in one language.

    Attributes
    ----------
    name
        File stem; also salts the identifiers inside, so two names never clash in one page.
    title
        The finding, in one sentence.
    svg
        The whole figure, title included: what is written to a file.
    headless
        The same without its title: what a page shows under its own heading.
    alt
        The text alternative (RGAA 4.1, criterion 1.1).
    data
        The numbers drawn (RGAA 4.1, criterion 1.6).
    lang
        The language drawn.
    """

    name: str
    title: Text
    svg: str
    headless: str
    alt: Text
    data: Table
    lang: Lang

    def write(self, path: Path) -> Path:
        """Write the figure as a stand-alone SVG file, atomically; return `path`."""
        return write_text(path, '<?xml version="1.0" encoding="UTF-8"?>\n' + self.svg)


def tidy(raw: str) -> str:
    """Return matplotlib's SVG as one `<svg>` element fit to stand inline in a page."""
    text = raw[raw.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = text.replace(
        "<svg ", '<svg style="stroke-linejoin:round;stroke-linecap:butt" ', 1
    ).replace(f'<g id="{HALO_GID}">', f'<g style="{HALO_STYLE}">')
    text = re.sub(r"'DejaVu Sans'(, sans-serif)?", FONT_STACK, text)
    text = re.sub(r"-?\d+\.\d{3,}(?:e-?\d+)?", _shorter, text)
    text = re.sub(r'(?<= d=")[^"]+', _dense, text)
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', text)) | {TITLE_GID}

    def keep(match: re.Match[str]) -> str:
        return match.group(0) if match.group(1) in used else ""

    text = re.sub(r' id="([^"]+)"', keep, text)
    return re.sub(r"\n\s*", "\n", text)


def without_title(svg: str, band_pt: float) -> str:
    """Return the figure cropped by `band_pt` at its top, and its title taken out."""
    text = re.sub(rf'<g id="{TITLE_GID}">.*?</g>\s*', "", svg, flags=re.DOTALL)

    def crop(match: re.Match[str]) -> str:
        width, height = float(match.group(1)), float(match.group(2)) - band_pt
        box = f"0 {band_pt:g} {width:g} {height:g}"
        return f'width="{width:g}pt" height="{height:g}pt" viewBox="{box}"'

    pattern = r'width="([\d.]+)pt" height="([\d.]+)pt" viewBox="[^"]+"'
    return re.sub(pattern, crop, text, count=1)


def with_title(svg: str) -> str:
    """Return the figure with the title's marker taken off, so no identifier repeats in a page."""
    return svg.replace(f' id="{TITLE_GID}"', "")


def _dense(match: re.Match[str]) -> str:
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", match.group(0))


def _shorter(match: re.Match[str]) -> str:
    text = f"{float(match.group(0)):.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
