"""The tables of the answer on sensors: what share, at what price, over what radio."""

from __future__ import annotations

from models.waste.answer.cells import ideal_of
from models.waste.answer.findings import Findings
from models.waste.answer.tables import SETTLED_NOTE
from models.waste.answer.words import cell, within
from twin.lang import Text
from twin.report.phrases import finite
from twin.report.tables import Cell, Column, Kind, Table
from twin.study.comparison import OPTION
from twin.study.judged import gap

NUMBER, SHARE, EURO, INTEGER = Kind.NUMBER, Kind.SHARE, Kind.EURO, Kind.INTEGER


def shares_table(findings: Findings) -> Table:
    """Return, by share fitted, the net saving and the break-even price."""
    rows: list[tuple[Cell, ...]] = []
    for each in findings.fitted:
        twin, price = findings.twin(each), findings.break_even(each)
        if twin is None:
            continue
        rows.append(
            (
                each.settings.sensors.share,
                round(each.mean("sensors") or 0.0),
                cell(gap(each, twin, "total_eur"), money=True),
                cell(gap(each, twin, "operation_eur"), money=True),
                each.mean("sensor_eur"),
                price.mean.mean if price else None,
                finite(price.mean.low) if price else None,
                finite(price.mean.high) if price else None,
                finite(price.saves) if price else None,
                price.mean.n if price else None,
            )
        )
    return Table(
        "parts",
        Text(
            "Ce que les sondes ajoutent, par part de points équipés",
            "What sensors add, by share of points fitted",
        ),
        (
            Column("share", Text("Part équipée", "Share fitted"), SHARE, decimals=0),
            Column("sensors", Text("Sondes", "Sensors"), INTEGER),
            Column("net", Text("Coût total, écart sans sonde", "Total cost, against no sensor")),
            Column("gross", Text("dont collecte", "of which collection")),
            Column("sensor_eur", Text("Coût des sondes", "Cost of sensors"), EURO, "€"),
            Column("price", Text("Prix d'équilibre", "Break-even price"), EURO, "€"),
            Column("price_low", Text("bas (95 %)", "low (95%)"), EURO, "€"),
            Column("price_high", Text("haut (95 %)", "high (95%)"), EURO, "€"),
            Column("saves", Text("Mondes où cela paie", "Worlds in which it pays"), SHARE,
                   decimals=0),
            Column("n", Text("Mondes", "Worlds"), INTEGER),
        ),
        tuple(rows),
        note=Text(
            "« Sans sonde » : même règle, mêmes nouvelles, aucune sonde. Un prix d'équilibre négatif : "
            f"même gratuite, la sonde ne paie pas. {SETTLED_NOTE.fr}",
            "'No sensor': same rule, same news, no sensor. A negative break-even price: even free the "
            f"sensor does not pay. {SETTLED_NOTE.en}",
        ),
    )  # fmt: skip


def stream_prices_table(findings: Findings) -> Table:
    """Return the break-even price by stream and share."""
    rows: list[tuple[Cell, ...]] = []
    for stream, label in findings.streams.items():
        for each in findings.fitted:
            price, twin = findings.break_even(each, stream), findings.twin(each)
            if price is None or twin is None:
                continue
            rows.append(
                (
                    label,
                    each.settings.sensors.share,
                    round(each.mean("sensors", stream) or 0.0),
                    cell(gap(each, twin, "total_eur", stream), money=True),
                    price.mean.mean, finite(price.mean.low), finite(price.mean.high),
                    finite(price.saves), price.mean.n,
                )
            )  # fmt: skip
    return Table(
        "prix_par_flux",
        Text("Sondes et prix d'équilibre par flux", "Sensors and break-even price by stream"),
        (
            Column("stream", Text("Flux", "Stream")),
            Column("share", Text("Part équipée", "Share fitted"), SHARE, decimals=0),
            Column("sensors", Text("Sondes", "Sensors"), INTEGER),
            Column("net", Text("Coût total, écart sans sonde", "Total cost, against no sensor")),
            Column("price", Text("Prix d'équilibre", "Break-even price"), EURO, "€"),
            Column("price_low", Text("bas (95 %)", "low (95%)"), EURO, "€"),
            Column("price_high", Text("haut (95 %)", "high (95%)"), EURO, "€"),
            Column("saves", Text("Mondes où cela paie", "Worlds in which it pays"), SHARE,
                   decimals=0),
            Column("n", Text("Mondes", "Worlds"), INTEGER),
        ),
        tuple(rows),
        note=SETTLED_NOTE,
    )  # fmt: skip


def radio_table(findings: Findings) -> Table:
    """Return what arrives of the readings, and what a perfect link would change."""
    rows: list[tuple[Cell, ...]] = []
    for each in findings.options.values():
        told = each.get("read_share")
        if told is None:
            continue
        told = within(told, 0.0, 1.0)
        ideal = ideal_of(each, findings.options)
        rows.append(
            (
                each.option.name, each.settings.sensors.link, told.mean, finite(told.low),
                finite(told.high), told.n,
                cell(gap(ideal, each, "total_eur"), money=True) if ideal else None,
                cell(gap(ideal, each, "km")) if ideal else None,
            )
        )  # fmt: skip
    return Table(
        "radio",
        Text("Les mesures arrivent-elles ?", "Do readings arrive?"),
        (
            OPTION,
            Column("link", Text("Liaison", "Link")),
            Column("read_share", Text("Mesures reçues", "Readings received"), SHARE),
            Column("low", Text("bas (95 %)", "low (95%)"), SHARE),
            Column("high", Text("haut (95 %)", "high (95%)"), SHARE),
            Column("n", Text("Mondes", "Worlds"), INTEGER),
            Column("ideal_eur", Text("Une liaison parfaite changerait (coût)",
                                     "A perfect link would change (cost)")),
            Column("ideal_km", Text("en km", "in km")),
        ),
        tuple(rows),
        note=Text(
            "Vide : la même part de sondes sur une liaison parfaite n'est pas jouée. Une sonde en panne "
            "n'envoie rien : ses mesures ne comptent pas comme perdues.",
            "Empty: the same share of sensors over a perfect link is not played. A failed sensor sends "
            "nothing: its readings are not counted as lost.",
        ),
    )  # fmt: skip
