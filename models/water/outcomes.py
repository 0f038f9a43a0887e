"""What a year of a department's water leaves to be told: every indicator, unit and direction.

Zones: "" is the whole territory, a service's name that service, an INSEE code that commune. Only
some indicators are told of every zone.
"""

from __future__ import annotations

from twin.lang import Text
from twin.recorder import Direction, Kpi

_MIN, _MAX, _NONE = Direction.MIN, Direction.MAX, Direction.NONE

PRODUCED = Kpi("produced_m3", Text("volume produit", "volume produced"), "m³/an")
CONSUMED = Kpi("consumed_m3", Text("volume consommé", "volume consumed"), "m³/an")
LOST = Kpi("lost_m3", Text("eau perdue", "water lost"), "m³/an", _MIN)
HIDDEN = Kpi(
    "hidden_m3", Text("perdue par des fuites cachées", "lost by hidden leaks"), "m³/an", _MIN
)
REPORTED = Kpi(
    "reported_m3",
    Text("perdue par des fuites visibles", "lost by leaks that surface"),
    "m³/an",
    _MIN,
)
BACKGROUND = Kpi(
    "background_m3", Text("perdue par des suintements", "lost by background leakage"), "m³/an"
)
KM = Kpi("km", Text("linéaire hors branchements", "mains, connections aside"), "km")
YIELD = Kpi("yield", Text("rendement P104.3", "yield P104.3"), "1", _MAX)
ILVNC = Kpi("ilvnc", Text("indice P105.3", "index P105.3"), "m³/km/j", _MIN)
ILP = Kpi("ilp", Text("indice P106.3", "index P106.3"), "m³/km/j", _MIN)
ILC = Kpi("ilc", Text("indice de consommation", "consumption index"), "m³/km/j")
ILI = Kpi("ili", Text("indice de fuites structurelles", "infrastructure leakage index"), "1", _MIN)
THRESHOLD = Kpi("threshold", Text("seuil du décret 2012-97", "threshold of decree 2012-97"), "1")
COMPLIANT = Kpi(
    "compliant", Text("services au-dessus du seuil", "services above the threshold"), "1", _MAX
)
HIDDEN_LEAKS = Kpi("hidden_leaks", Text("fuites cachées apparues", "hidden leaks begun"), "1/an")
RUN_DAYS = Kpi(
    "run_days",
    Text("durée d'une fuite cachée", "life of a hidden leak"),
    "j",
    _MIN,
    may_be_missing=True,
)
SEEN_SHARE = Kpi(
    "seen_share",
    Text(
        "réseau où la fuite de référence est vue en moins de 3 jours",
        "network where the reference leak is seen within 3 days",
    ),
    "1",
    _MAX,
)
SMALLEST = Kpi(
    "smallest_m3h",
    Text("plus petite fuite vue en 3 jours", "smallest leak seen in 3 days"),
    "m³/h",
    _MIN,
    may_be_missing=True,
)
ALARMS = Kpi("alarms", Text("alarmes", "alarms"), "1/an")
FALSE_ALARMS = Kpi("false_alarms", Text("fausses alarmes", "false alarms"), "1/an", _MIN)
EXPLAINED = Kpi(
    "explained",
    Text("alarmes expliquées par une fuite connue", "alarms explained by a known leak"),
    "1/an",
)
LET_BE = Kpi("let_be", Text("alarmes trop petites, sans suite", "alarms too small, let be"), "1/an")
IN_VAIN = Kpi("in_vain", Text("recherches sans résultat", "searches in vain"), "1/an", _MIN)
SEARCHES = Kpi("searches", Text("recherches", "searches"), "1/an")
STEP_TESTS = Kpi("step_tests", Text("îlotages de nuit", "step tests by night"), "1/an")
SEARCHED = Kpi("searched_km", Text("conduites écoutées", "pipes listened to"), "km/an")
REPAIRS = Kpi("repairs", Text("réparations", "repairs"), "1/an")
URGENT = Kpi("urgent", Text("réparations urgentes", "urgent repairs"), "1/an", _MIN)
METERS = Kpi("meters", Text("compteurs de sectorisation", "district meters"), "1")
LOGGERS = Kpi("loggers", Text("enregistreurs de pression", "pressure loggers"), "1")
NIGHTS = Kpi(
    "nights_known",
    Text("nuits connues du service", "nights the service knows"),
    "1",
    _MAX,
    may_be_missing=True,
)
READ_SHARE = Kpi(
    "read_share",
    Text("mesures de secteur reçues", "district readings received"),
    "1",
    _MAX,
    may_be_missing=True,
)
CUSTOMER_READ = Kpi(
    "customer_read",
    Text("trames d'abonnés reçues", "customers' frames received"),
    "1",
    _MAX,
    may_be_missing=True,
)
NEXT_DAY = Kpi(
    "next_day",
    Text("compteurs connus à J+1", "meters known at day + 1"),
    "1",
    _MAX,
)
QUARTER = Kpi(
    "quarter", Text("relevés réels par trimestre", "true readings per quarter"), "1", _MAX
)
CUSTOMER_LOST = Kpi(
    "customer_lost_m3",
    Text("perdue après compteur", "lost behind customers' meters"),
    "m³/an",
    _MIN,
)
CUSTOMER_DAYS = Kpi(
    "customer_days",
    Text("durée d'une fuite après compteur", "life of a leak behind the meter"),
    "j",
    _MIN,
    may_be_missing=True,
)
FORGIVEN = Kpi(
    "forgiven_m3", Text("volumes écrêtés (loi Warsmann)", "volumes forgiven"), "m³/an", _MIN
)
PAID_EUR = Kpi(
    "paid_eur",
    Text("payé par les abonnés pour des fuites", "paid by customers for leaks"),
    "€/an",
    _MIN,
)
CUSTOMER_METERS = Kpi("customer_meters", Text("compteurs d'abonnés", "customers' meters"), "1")
DRY = Kpi("dry_m3", Text("non servi, réservoirs à sec", "not served, towers dry"), "m³/an", _MIN)
DRY_PEOPLE = Kpi(
    "dry_people_h",
    Text("heures d'habitant, réservoir à sec", "hours of inhabitants, tower dry"),
    "h/an",
    _MIN,
)
UNREGISTERED = Kpi(
    "unregistered_m3",
    Text("non comptée, compteurs bloqués", "not registered, stopped meters"),
    "m³/an",
    _MIN,
)
ALERTS = Kpi("alerts", Text("alertes aux abonnés", "alerts to customers"), "1/an")
WATER_EUR = Kpi("water_eur", Text("eau perdue", "water lost"), "€/an", _MIN)
UNPAID_EUR = Kpi("unpaid_eur", Text("eau non payée", "water not paid for"), "€/an", _MIN)
SEARCH_EUR = Kpi("search_eur", Text("recherche de fuites", "leak searches"), "€/an", _MIN)
REPAIR_EUR = Kpi("repair_eur", Text("réparations", "repairs"), "€/an", _MIN)
DISTRICTS_EUR = Kpi(
    "districts_eur", Text("compteurs de sectorisation", "district meters"), "€/an", _MIN
)
CUSTOMERS_EUR = Kpi(
    "customers_eur", Text("relève des abonnés", "reading of customers' meters"), "€/an", _MIN
)
TOTAL_EUR = Kpi("total_eur", Text("coût total", "total cost"), "€/an", _MIN)

ALL = (
    PRODUCED, CONSUMED, LOST, HIDDEN, REPORTED, BACKGROUND, KM, YIELD, ILVNC, ILP, ILC, ILI,
    THRESHOLD, COMPLIANT, HIDDEN_LEAKS, RUN_DAYS, SEEN_SHARE, SMALLEST, ALARMS, FALSE_ALARMS,
    EXPLAINED, LET_BE, IN_VAIN, SEARCHES, STEP_TESTS, SEARCHED, REPAIRS, URGENT, METERS, LOGGERS,
    NIGHTS, READ_SHARE, CUSTOMER_READ, NEXT_DAY, QUARTER, CUSTOMER_LOST, CUSTOMER_DAYS, FORGIVEN,
    PAID_EUR, CUSTOMER_METERS, DRY, DRY_PEOPLE, UNREGISTERED, ALERTS, WATER_EUR, UNPAID_EUR,
    SEARCH_EUR, REPAIR_EUR, DISTRICTS_EUR, CUSTOMERS_EUR, TOTAL_EUR,
)  # fmt: skip
