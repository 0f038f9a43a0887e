"""The tables of places: points in the order to equip them, depots and dumps."""

from __future__ import annotations

from models.waste.answer.findings import Findings
from twin.lang import Text
from twin.report.phrases import yes
from twin.report.tables import Column, Kind, Table

NUMBER, SHARE, EURO, INTEGER = Kind.NUMBER, Kind.SHARE, Kind.EURO, Kind.INTEGER
FIRST = 20
"""Points shown on the page; the files have them all."""


def places_table(findings: Findings, first: int | None = None) -> Table:
    """Return the points, the first to equip first; all of them or only some."""
    ground = findings.ground
    places = () if ground is None else ground.places[:first]
    communes = () if ground is None else ground.communes
    rows = tuple(
        (
            each.rank,
            each.id.removeprefix(f"{each.stream}/"),
            findings.streams[each.stream],
            communes[each.commune].name if each.commune >= 0 else None,
            communes[each.commune].insee if each.commune >= 0 else None,
            each.stream_rank,
            each.first_share,
            yes(each.fitted),
            each.visits,
            each.yearly_eur,
            each.rate_l_day,
            each.capacity_l / 1e3,
            each.containers,
            round(each.x_m),
            round(each.y_m),
        )
        for each in places
    )
    return Table(
        "points" if first is None else "premiers_points",
        Text("Les points, dans l'ordre où les équiper", "The points in the order to equip them")
        if first is None
        else Text(
            f"Les {len(rows)} premiers points à équiper", f"The first {len(rows)} points to equip"
        ),
        (
            Column("rank", Text("Rang", "Rank"), INTEGER),
            Column("id", Text("Point", "Point")),
            Column("stream", Text("Flux", "Stream")),
            Column("commune", Text("Commune", "Commune")),
            Column("insee", Text("INSEE", "INSEE")),
            Column("stream_rank", Text("Rang dans le flux", "Rank in the stream"), INTEGER),
            Column("first_share", Text("Équipé dès", "Fitted from"), SHARE, decimals=0),
            Column("fitted", Text("Équipé dans l'option retenue", "Fitted in the option to take")),
            Column("visits", Text("Vidages attendus par an", "Expected emptyings a year"), NUMBER,
                   decimals=0),
            Column("yearly_eur", Text("Coût annuel de son vidage", "Yearly cost of emptying it"),
                   EURO, "€"),
            Column("rate_l_day", Text("Apports attendus", "Expected deposits"), NUMBER, "L/j", 0),
            Column("capacity_m3", Text("Capacité", "Capacity"), NUMBER, "m3", 1),
            Column("containers", Text("Colonnes", "Containers"), INTEGER),
            Column("x_m", Text("X Lambert-93", "X Lambert-93"), INTEGER),
            Column("y_m", Text("Y Lambert-93", "Y Lambert-93"), INTEGER),
        ),
        rows,
        note=Text(
            "Rang : tous flux ensemble, dans l'ordre où les options équipent. Vidages "
            "attendus : si le point est toujours vidé à 80 % (non vérifié). Le coût de son vidage "
            "compte l'approche, le détour et le service aux prix moyens.",
            "Rank: all streams together, in the order in which options fit points. Expected "
            "emptyings: if the point is always emptied at 80 % (unverified). The cost of "
            "emptying counts the line haul, the detour and the service at mean prices.",
        ),
    )  # fmt: skip


def yards_table(findings: Findings) -> Table:
    """Return depots and dumps."""
    yards = findings.ground.yards if findings.ground is not None else None
    roles = {
        "depot": Text("dépôt", "depot"),
        "dump": Text("vidage", "dump"),
        "both": Text("dépôt et vidage", "depot and dump"),
    }
    rows = (
        ()
        if yards is None
        else tuple(
            (
                yards.ids[row],
                yards.labels[row],
                roles[yards.roles[row]],
                findings.streams.get(yards.streams[row], Text(*(yards.streams[row],) * 2)),
                int(yards.trucks[row]),
                round(float(yards.x_m[row])),
                round(float(yards.y_m[row])),
            )
            for row in range(len(yards.ids))
        )
    )
    return Table(
        "depots",
        Text("Dépôts et lieux de vidage", "Depots and dumps"),
        (
            Column("id", Text("Lieu", "Place")),
            Column("label", Text("Nom", "Name")),
            Column("role", Text("Rôle", "Role")),
            Column("stream", Text("Flux", "Stream")),
            Column("trucks", Text("Camions", "Trucks"), INTEGER),
            Column("x_m", Text("X Lambert-93", "X Lambert-93"), INTEGER),
            Column("y_m", Text("Y Lambert-93", "Y Lambert-93"), INTEGER),
        ),
        rows,
    )
