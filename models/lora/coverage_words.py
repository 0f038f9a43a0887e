"""What `run.py coverage` says to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.lang import Lang, Text

if TYPE_CHECKING:
    from models.lora.use_cases import UseCase

WEAKEST_SHOWN = 10


def coverage_lines(report: dict[str, Any], name: Text, case: UseCase, lang: Lang) -> list[str]:
    """Return the report for a person."""
    from models.lora.use_cases import placement
    from twin.report.typography import number, percent, spaced

    label, raster, planned = placement(case).label, report["raster"], report["planned"]
    ground = Text(**report["terrain"])
    one, two = ([percent(raster[f"share_{k}"], each, 1) for each in Lang] for k in (1, 2))
    metres = [number(raster["resolution_m"], 0, each) for each in Lang]
    texts = [
        name,
        Text(f"relief : {ground.fr}", f"terrain: {ground.en}"),
        Text(f"passerelles ({len(report['gateways'])}) : ",
             f"gateways ({len(report['gateways'])}): "),
        Text(
            f"{label.fr}, cas médian, pixels de {metres[0]} m : {one[0]} du territoire entendu "
            f"par 1 passerelle, {two[0]} par 2",
            f"{label.en}, median case, {metres[1]} m pixels: {one[1]} of the territory heard by "
            f"1 gateway, {two[1]} by 2",
        ),
    ]  # fmt: skip
    lines = [spaced(text.say(lang), lang) for text in texts]
    lines[2] += " ".join(each["id"] for each in report["gateways"])
    if planned is not None and not planned["reaches_target"]:
        lines.append(
            spaced(
                Text(
                    "attention : ce plan n'atteint pas la cible de l'option (voir run.py site)",
                    "note: this plan does not reach the option's target (see run.py site)",
                ).say(lang),
                lang,
            )
        )
    if report["objects"] is not None:
        lines += _object_lines(report["objects"], lang)
    end = Text(f"{len(report['files'])} fichiers : ", f"{len(report['files'])} files: ")
    lines.append(spaced(end.say(lang), lang) + report["folder"])
    return lines


def _object_lines(found: dict[str, Any], lang: Lang) -> list[str]:
    """Return what is said of the objects: totals, then the weakest."""
    from twin.report.typography import number, percent, spaced

    what = {
        "point": Text("des points", "of the points"),
        "polygon": Text("de la surface", "of the surface"),
        "line": Text("de la longueur", "of the length"),
    }[found["shape"]].say(lang)
    values = {
        key: percent(found[key], lang, 1)
        for key in ("share_1", "share_2", "probability_1", "probability_2")
    }
    plural = "" if found["count"] == 1 else "s"
    total = Text(
        "{count} objet{plural}, cas médian : {share_1} {what} à portée d'une passerelle, {share_2} "
        "de deux ; avec l'effet de masque, en moyenne {probability_1} et {probability_2}",
        "{count} object{plural}, median case: {share_1} {what} heard by one gateway, {share_2} by "
        "two; with shadowing, {probability_1} and {probability_2} on average",
    ).format(count=number(found["count"], 0, lang), plural=plural, what=what, **values)
    lines = [spaced(total.say(lang), lang)]
    if "uncovered_km" in found:
        gaps = Text("non entendus : {gap} km sur {all} km", "not heard: {gap} km of {all} km")
        gap, length = (number(found[key], 1, lang) for key in ("uncovered_km", "length_km"))
        lines.append(spaced(gaps.format(gap=gap, all=length).say(lang), lang))
    rows = sorted(found["rows"], key=lambda row: row["probability_1"])
    weakest = Text("les moins bien entendus :", "the least well heard:").say(lang)
    lines.append(spaced(weakest, lang))
    for row in rows[:WEAKEST_SHOWN]:
        margin = "–" if row["margin_db"] is None else number(row["margin_db"], 1, lang, signed=True)
        best = row["best_gateway"] or "–"
        odds = percent(row["probability_1"], lang, 0)
        factor = f"SF{row['spreading_factor']}" if row["spreading_factor"] else "–"
        lines.append(f"  {row['id']:<20} {best:<10} {margin:>7} dB {factor:>5} {odds:>6}")
    return lines
