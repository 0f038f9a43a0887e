"""How indicators are printed: their labels, their cells, the note that explains them."""

from __future__ import annotations

from dataclasses import dataclass

from models.water.answer.findings import Findings
from models.water.answer.judged import WITH_CUSTOMERS, Judged
from models.water.answer.words import NOT_SETTLED, Style, cell, level
from twin.lang import Text
from twin.report.phrases import worlds
from twin.report.tables import Column, Kind
from twin.study.judged import gap

NUMBER, SHARE, INTEGER = Kind.NUMBER, Kind.SHARE, Kind.INTEGER


@dataclass(frozen=True)
class Measure:
    """How an indicator is printed."""

    label: Text
    style: Style = "number"
    decimals: int = 0


MEASURES: dict[str, Measure] = {
    "total_eur": Measure(Text("Coût du service", "Cost of the service"), "eur"),
    WITH_CUSTOMERS: Measure(
        Text("Service et fuites payées par les abonnés", "Service and leaks paid by customers"),
        "eur",
    ),
    "paid_eur": Measure(Text("Payé par les abonnés", "Paid by customers"), "eur"),
    "lost_m3": Measure(Text("Eau perdue (m³)", "Water lost (m³)"), "m3"),
    "customer_lost_m3": Measure(
        Text("Perdue après compteur (m³)", "Lost behind meters (m³)"), "m3"
    ),
    "forgiven_m3": Measure(Text("Écrêtée, loi Warsmann (m³)", "Forgiven, Warsmann law (m³)"), "m3"),
    "unregistered_m3": Measure(Text("Non comptée (m³)", "Not registered (m³)"), "m3"),
    "run_days": Measure(Text("Vie d'une fuite cachée (j)", "Life of a hidden leak (days)")),
    "customer_days": Measure(
        Text("Vie d'une fuite après compteur (j)", "Life of a leak behind a meter (days)")
    ),
    "seen_share": Measure(
        Text("Conduites où la fuite est vue en 3 j", "Mains where the leak shows in 3 days"),
        "share",
    ),
    "smallest_m3h": Measure(
        Text("Plus petite fuite vue (m³/h)", "Smallest leak seen (m³/h)"), "number", 1
    ),
    "searches": Measure(Text("Recherches", "Searches")),
    "false_alarms": Measure(Text("Fausses alarmes", "False alarms")),
    "urgent": Measure(Text("Réparations urgentes", "Urgent repairs")),
    "alerts": Measure(Text("Alertes aux abonnés", "Alerts to customers"), "m3"),
    "next_day": Measure(Text("Compteurs connus à J+1", "Meters known at day + 1"), "share"),
    "quarter": Measure(Text("Relevés réels par trimestre", "True readings a quarter"), "share"),
    "read_share": Measure(Text("Trames de secteur reçues", "District frames received"), "share", 1),
    "customer_read": Measure(
        Text("Trames d'abonnés reçues", "Customers' frames received"), "share", 1
    ),
    "nights_known": Measure(Text("Nuits connues", "Nights known"), "share", 1),
    "dry_people_h": Measure(
        Text("Heures d'habitant, réservoir à sec", "Hours of inhabitants, tower dry"), "m3"
    ),
    "dry_m3": Measure(Text("Non servi (m³)", "Not served (m³)"), "m3"),
    "yield": Measure(Text("Rendement", "Yield"), "share", 1),
}
SETTLED_NOTE = Text(
    "Entre parenthèses : intervalle de confiance à 95 % de la moyenne, ou de l'écart moyen sur les mêmes "
    f"mondes. « {NOT_SETTLED} » : l'intervalle de l'écart contient zéro, rien n'est départagé.",
    "In brackets: 95% confidence interval of the mean, or of the mean difference on the same worlds. "
    f"'{NOT_SETTLED}': the interval of the difference holds nought, nothing is told apart.",
)


def column(kpi: str, *, change: bool = False) -> Column:
    """Return an indicator's column of worded cells; `change` where they are differences."""
    label = MEASURES[kpi].label
    return Column(kpi, Text(f"Écart : {label.fr}", f"Change: {label.en}") if change else label)


def apart(one: Judged, other: Judged, kpi: str) -> Text | None:
    """Return how far one option is from another, in words."""
    measure = MEASURES[kpi]
    return cell(gap(one, other, kpi), measure.style, measure.decimals)


def own(judged: Judged, kpi: str, zone: str = "") -> Text | None:
    """Return an option's own level, in words."""
    measure = MEASURES[kpi]
    return level(judged.get(kpi, zone), measure.style, measure.decimals)


def noted(findings: Findings, before: Text) -> Text:
    """Return a note that ends on how to read the cells and on the number of worlds."""
    n = worlds(findings.n)
    return Text(
        f"{before.fr} {SETTLED_NOTE.fr} {n.fr}.".strip(),
        f"{before.en} {SETTLED_NOTE.en} {n.en}.".strip(),
    )
