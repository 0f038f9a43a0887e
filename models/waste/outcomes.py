"""What a year of collection leaves to be told: every indicator with its unit and direction.

Zones: "" is all streams together, a stream's name is that stream.
"""

from __future__ import annotations

from twin.lang import Text
from twin.recorder import Direction, Kpi

_MIN, _MAX, _NONE = Direction.MIN, Direction.MAX, Direction.NONE

KM = Kpi("km", Text("kilomètres parcourus", "kilometres driven"), "km/an", _MIN)
BOUND_KM = Kpi(
    "bound_km",
    Text("plancher des kilomètres dû au tonnage", "lower bound of kilometres from tonnage"),
    "km/an",
)
STOPS = Kpi("stops", Text("vidages de points", "emptyings of points"), "1/an", _MIN)
ROUNDS = Kpi("rounds", Text("tournées", "rounds"), "1/an", _MIN)
UNLOADINGS = Kpi("unloadings", Text("vidages de camions", "unloadings of trucks"), "1/an")
HOURS = Kpi("hours", Text("heures de conduite et de service", "hours worked"), "h/an", _MIN)
OVERTIME = Kpi("overtime_h", Text("heures supplémentaires", "overtime"), "h/an", _MIN)
QUEUE = Kpi("queue_h", Text("attente au vidage", "queueing at the dump"), "h/an", _MIN)
LITRES = Kpi("fuel_l", Text("gazole", "diesel"), "L/an", _MIN)
CO2 = Kpi("co2_t", Text("émissions", "emissions"), "tCO2e/an", _MIN)
FULL_H = Kpi("full_h", Text("heures de point plein", "hours of full points"), "h/an", _MIN)
FULL_SHARE = Kpi(
    "full_share", Text("part du temps où un point est plein", "share of time a point is full"),
    "1", _MIN,
)  # fmt: skip
REFUSED = Kpi(
    "refused_share",
    Text("part des apports trouvant le point plein", "share of what is brought that finds it full"),
    "1",
    _MIN,
)
BESIDE = Kpi(
    "beside_m3", Text("dépôts au pied des points", "left beside the points"), "m3/an", _MIN
)
LOST = Kpi("lost_t", Text("tonnes perdues pour le tri", "tonnes lost to sorting"), "t/an", _MIN)
TONNES = Kpi("tonnes", Text("tonnes collectées", "tonnes collected"), "t/an", _MAX)
FILL = Kpi("fill", Text("remplissage au vidage", "fill at emptying"), "1", _MAX)
EARLY = Kpi("early_share", Text("vidages sous un quart", "emptyings under a quarter"), "1", _MIN)
UNSERVED = Kpi(
    "unserved",
    Text("vidages requis remis au lendemain", "required emptyings put off"),
    "1/an",
    _MIN,
)
BREAKDOWNS = Kpi("breakdowns", Text("pannes de camion", "truck breakdowns"), "1/an", _MIN)
SENSORS = Kpi("sensors", Text("points équipés", "points fitted"), "1")
READ_SHARE = Kpi(
    "read_share",
    Text("part des mesures reçues", "share of readings received"),
    "1",
    _MAX,
    may_be_missing=True,
)
REPAIRS = Kpi("repairs", Text("interventions sur sondes", "sensor repairs"), "1/an", _MIN)
DRIVE_EUR = Kpi("drive_eur", Text("camions (au km)", "trucks (per km)"), "€/an", _MIN)
CREW_EUR = Kpi("crew_eur", Text("équipages (à l'heure)", "crews (per hour)"), "€/an", _MIN)
CLEAN_EUR = Kpi(
    "clean_eur", Text("points pleins : nettoyage, plaintes", "full points: cleaning, complaints"),
    "€/an", _MIN,
)  # fmt: skip
SENSOR_EUR = Kpi("sensor_eur", Text("sondes, tout compris", "sensors, all included"), "€/an", _MIN)
OPERATION_EUR = Kpi(
    "operation_eur",
    Text(
        "collecte, points pleins compris, hors sondes",
        "collection, full points included, sensors excluded",
    ),
    "€/an",
    _MIN,
)  # fmt: skip
TOTAL_EUR = Kpi("total_eur", Text("coût total", "total cost"), "€/an", _MIN)
PRICE_LEFT = Kpi(
    "sensor_other_eur",
    Text("coût annuel d'une sonde hors achat", "yearly cost of a sensor but its price"),
    "€/an",
    _MIN,
)
PRICE_YEARS = Kpi(
    "sensor_price_per_year",
    Text("annuité d'un euro de sonde", "annuity of one euro of sensor"),
    "1/an",
)

ALL = (
    KM, BOUND_KM, STOPS, ROUNDS, UNLOADINGS, HOURS, OVERTIME, QUEUE, LITRES, CO2, FULL_H,
    FULL_SHARE, REFUSED, BESIDE, LOST, TONNES, FILL, EARLY, UNSERVED, BREAKDOWNS, SENSORS,
    READ_SHARE, REPAIRS, DRIVE_EUR, CREW_EUR, CLEAN_EUR, SENSOR_EUR, OPERATION_EUR, TOTAL_EUR,
    PRICE_LEFT, PRICE_YEARS,
)  # fmt: skip
