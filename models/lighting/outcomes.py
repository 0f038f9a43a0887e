"""What years of a department's lighting leave to be told: every indicator, unit and direction.

All are means of the years lived. Zones: "" is the whole territory, an INSEE code that commune; only
some indicators are told of every commune.
"""

from __future__ import annotations

from twin.lang import Text
from twin.recorder import Direction, Kpi

_MIN, _MAX = Direction.MIN, Direction.MAX

POINTS = Kpi("points", Text("points lumineux", "light points"), "1")
KWH = Kpi("kwh", Text("énergie", "energy"), "kWh/an", _MIN)
DAY_KWH = Kpi(
    "day_kwh", Text("brûlée en plein jour ou hors horaire", "burnt by day or out of hours"),
    "kWh/an", _MIN,
)  # fmt: skip
OVERLIT_KWH = Kpi(
    "overlit_kwh",
    Text("brûlée au-delà de la classe requise", "burnt beyond the required class"),
    "kWh/an", _MIN,
)  # fmt: skip
OVERLIT_EUR = Kpi(
    "overlit_eur",
    Text("payée au-delà de la classe requise", "paid beyond the required class"),
    "€/an", _MIN,
)  # fmt: skip
UNLIT_H = Kpi(
    "unlit_h",
    Text("heures de nuit sans lumière, par point", "hours of night without light, a point"),
    "h/an", _MIN,
)  # fmt: skip
KVA = Kpi("kva", Text("puissance souscrite", "subscribed power"), "kVA", _MIN)
CO2 = Kpi("co2_t", Text("émissions", "emissions"), "t CO2e/an", _MIN)
FAILURES = Kpi(
    "failures", Text("pannes de lampes et de drivers", "failures of lamps"), "1/an", _MIN
)
FAULTS = Kpi("faults", Text("pannes d'armoires et de câbles", "faults of cabinets, cables"), "1/an")
DARK_H = Kpi("dark_h", Text("heures de lampe éteinte par panne", "lamp-hours dark by failure"),
             "h/an", _MIN)  # fmt: skip
DARK_SHARE = Kpi(
    "dark_share",
    Text("part des heures dues perdue en panne", "share of hours due lost to failures"),
    "1", _MIN,
)  # fmt: skip
OUTSIDE_H = Kpi(
    "outside_h",
    Text("heures de nuit hors de la classe requise, par point",
         "hours of night outside the required class, a point"),
    "h/an", _MIN,
)  # fmt: skip
LIT_SHARE = Kpi(
    "lit_share", Text("heures de passants éclairées", "hours of people abroad that are lit"),
    "1", _MAX,
)  # fmt: skip
DARK_PEOPLE = Kpi(
    "dark_people_h",
    Text("heures de passants dans le noir", "hours of people abroad in the dark"),
    "h/an", _MIN,
)  # fmt: skip
KNOWN_DAYS = Kpi(
    "known_days", Text("délai avant qu'une panne soit connue", "days until a failure is known"),
    "j", _MIN, may_be_missing=True,
)  # fmt: skip
REPAIR_DAYS = Kpi(
    "repair_days", Text("délai de la panne à la réparation", "days from failure to repair"),
    "j", _MIN, may_be_missing=True,
)  # fmt: skip
CALLS = Kpi("calls", Text("appels d'habitants", "calls by inhabitants"), "1/an", _MIN)
ALARMS = Kpi("alarms", Text("alarmes", "alarms"), "1/an")
FALSE_ALARMS = Kpi("false_alarms", Text("fausses alarmes", "false alarms"), "1/an", _MIN)
TRIPS = Kpi("trips", Text("sorties d'équipe", "trips of crews"), "1/an", _MIN)
STOPS = Kpi("stops", Text("lieux visités", "places visited"), "1/an", _MIN)
KM = Kpi("km", Text("route des équipes", "crews' way"), "km/an", _MIN)
CREW_H = Kpi("crew_h", Text("heures d'équipe", "crew hours"), "h/an", _MIN)
COMMANDS = Kpi("commands", Text("ordres envoyés par radio", "commands sent by radio"), "1/an")
LOST_COMMANDS = Kpi("lost_commands", Text("ordres perdus", "lost commands"), "1/an", _MIN)
BY_HAND = Kpi("by_hand", Text("horloges réglées à la main", "clocks set by hand"), "1/an", _MIN)
HEARD = Kpi("heard", Text("messages reçus", "messages received"), "1", _MAX, may_be_missing=True)
ENERGY_EUR = Kpi("energy_eur", Text("énergie", "energy"), "€/an", _MIN)
FIXED_EUR = Kpi(
    "fixed_eur", Text("part fixe des contrats", "fixed part of contracts"), "€/an", _MIN
)
CREW_EUR = Kpi("crew_eur", Text("équipes et appels", "crews and calls"), "€/an", _MIN)
PARTS_EUR = Kpi("parts_eur", Text("pièces", "parts"), "€/an", _MIN)
DEVICES_EUR = Kpi("devices_eur", Text("horloges et contrôleurs", "clocks and nodes"), "€/an", _MIN)
LANTERNS_EUR = Kpi("lanterns_eur", Text("lanternes LED", "LED lanterns"), "€/an", _MIN)
TOTAL_EUR = Kpi("total_eur", Text("coût annuel", "yearly cost"), "€/an", _MIN)
TEN_YEARS_EUR = Kpi("horizon_eur", Text("coût actualisé sur l'horizon", "cost over the horizon"),
                    "€", _MIN)  # fmt: skip
INVESTED_EUR = Kpi("invested_eur", Text("à investir", "to invest"), "€", _MIN)

ALL = (
    POINTS, KWH, DAY_KWH, OVERLIT_KWH, OVERLIT_EUR, KVA, CO2, FAILURES, FAULTS, DARK_H,
    DARK_SHARE, UNLIT_H, OUTSIDE_H, LIT_SHARE, DARK_PEOPLE, KNOWN_DAYS, REPAIR_DAYS, CALLS, ALARMS,
    FALSE_ALARMS, TRIPS, STOPS, KM, CREW_H, COMMANDS, LOST_COMMANDS, BY_HAND, HEARD,
    ENERGY_EUR, FIXED_EUR, CREW_EUR, PARTS_EUR, DEVICES_EUR, LANTERNS_EUR, TOTAL_EUR,
    TEN_YEARS_EUR, INVESTED_EUR,
)  # fmt: skip
