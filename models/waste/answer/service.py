"""The section on service beside every saving: who drives less by leaving points full."""

from __future__ import annotations

from functools import partial

from models.waste.answer import sensor_figures
from models.waste.answer.decision import serves_worse
from models.waste.answer.findings import Findings
from models.waste.answer.judged import FULL_DAYS
from twin.lang import Text
from twin.report.blocks import Block, Bullets, Callout, FigureBlock, Paragraph
from twin.report.phrases import between, named, numbers
from twin.study.judged import gap


def service(findings: Findings) -> tuple[Block, ...]:
    """Return the service beside every saving."""
    sentences = bought_sentences(findings)
    blocks: list[Block] = [FigureBlock(partial(sensor_figures.service_plane, findings))]
    if sentences:
        count = len(sentences)
        blocks += [
            Callout(
                Text("Économies payées en service", "Savings bought with service"),
                Text(
                    f"{count} option{'s' if count > 1 else ''} roule{'nt' if count > 1 else ''} moins en "
                    "laissant, de façon établie, plus de points pleins que le calendrier actuel : ce n'est "
                    "pas une économie à service égal.",
                    f"{count} option{'s' if count > 1 else ''} drive{'' if count > 1 else 's'} less by leaving "
                    "clearly more points full than today's calendar: no saving at equal service.",
                ),
                "warning",
            ),
            Bullets(tuple(sentences)),
        ]
    else:
        blocks.append(
            Paragraph(
                Text(
                    "Aucune option ne laisse, de façon établie, plus de points pleins que le calendrier "
                    "actuel en faisant moins de kilomètres.",
                    "No option is settled to leave more points full than today's calendar while driving "
                    "less.",
                )
            )
        )
    return tuple(blocks)


def bought_sentences(findings: Findings) -> list[Text]:
    """Return one sentence for each option that drives less and clearly leaves more points full."""
    zero = findings.current
    found = []
    for each in findings.options.values():
        drive, serve = gap(each, zero, "km"), gap(each, zero, FULL_DAYS)
        if drive is None or serve is None or not drive.is_less or not serves_worse(each, zero):
            continue
        option = named(each.option.name)
        km = numbers(-drive.difference.mean)
        more, span = numbers(serve.difference.mean, 1), between(serve.difference, 1)
        found.append(
            Text(
                f"{option.fr} : {km.fr} km de moins par an, mais chaque point plein {more.fr} jours de plus "
                f"({span.fr})",
                f"{option.en}: {km.en} km less a year, but each point full {more.en} days more ({span.en})",
            )
        )
    return found
