"""The maps of the answer: who can be heard where, by how many gateways; for the page and for QGIS."""

from __future__ import annotations

from dataclasses import dataclass

from models.lora.answer.findings import Findings
from twin.lang import Lang
from twin.report.blocks import FileLink
from twin.report.svg import Svg
from twin.territory.areas import CommuneAreas

MARKERS = {"mast": "^", "municipal": "o", "own": "s"}


@dataclass(frozen=True)
class Maps:
    findings: Findings
    areas: CommuneAreas

    def figures(self, lang: Lang) -> tuple[Svg, ...]:
        return ()


def draw_maps(findings: Findings) -> Maps:
    return Maps(findings, None)


def write_maps(findings: Findings, drawing: Maps) -> list[FileLink]:
    return []
