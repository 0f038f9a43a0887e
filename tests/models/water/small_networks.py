"""Small networks as EPANET files: a loop and a branch, fed through whatever is to be tested."""

from __future__ import annotations

BASE = """[TITLE]
small
[JUNCTIONS]
A 30 0
B 10 5
C 12 8
D 5 6
E 8 4
F 2 3
G 0 0
[RESERVOIRS]
R {reservoir}
S {second}
[TANKS]
T 45 3 0 10 12 0
[PIPES]
1 B C 400 150 {rough} {minor} Open
2 C D 500 150 {rough} 0 Open
3 D B 600 100 {rough} {minor} Open
4 D E 300 100 {rough} 0 Open
5 E F 350 80 {rough} 0 Open
6 F G 120 60 {rough} 0 Open
7 T C 700 200 {rough} 0 {tank}
{link}
[OPTIONS]
UNITS {units}
HEADLOSS {headloss}
VISCOSITY 1.0
ACCURACY 1e-8
TRIALS 500
{options}
[TIMES]
DURATION 0
[EMITTERS]
{emitters}
[END]
"""


def inp(link: str, **values: str) -> str:
    """Return a network whose junction B is fed from reservoir R by the lines of `link`."""
    known = {
        "reservoir": "60",
        "second": "50",
        "rough": "120",
        "minor": "0",
        "units": "LPS",
        "headloss": "H-W",
        "options": "",
        "emitters": "",
        "tank": "Open",
    }
    return BASE.format(link=link, **(known | values))


PIPE = "8 R A 200 200 {rough} 0 Open\n9 A B 300 200 {rough} 0 Open"
LEAD = "8 R A 200 200 {rough} 0 Open\n"


def _lead(rough: str = "120") -> str:
    return LEAD.format(rough=rough)


def _valve(kind: str, setting: str, loss: str = "0", *, extra: str = "") -> str:
    return f"{_lead()}[VALVES]\nV A B 150 {kind} {setting} {loss}\n{extra}"


CASES = {
    "plain": inp(PIPE.format(rough="120")),
    "minor losses": inp(PIPE.format(rough="120"), minor="8.5"),
    "darcy": inp(PIPE.format(rough="0.25"), headloss="D-W", rough="0.25"),
    "darcy, minor losses": inp(PIPE.format(rough="0.25"), headloss="D-W", rough="0.25", minor="9"),
    "chezy": inp(PIPE.format(rough="0.012"), headloss="C-M", rough="0.012", minor="2"),
    "gallons": inp(PIPE.format(rough="120"), units="GPM", emitters="E 0.5"),
    "closed pipe": inp(PIPE.format(rough="120") + "\n10 A D 90 90 120 0 Closed"),
    "check valve shut": inp(PIPE.format(rough="120") + "\n10 D A 500 120 120 0 CV"),
    "check valve open": inp(PIPE.format(rough="120") + "\n10 S D 500 120 120 0 CV"),
    "check valve to the tank": inp(
        PIPE.format(rough="120").replace("9 A B 300 200 120 0 Open", "9 A B 300 200 120 0 CV")
    ),
    "emitters": inp(PIPE.format(rough="120"), emitters="E 0.8\nF 0.2"),
    "emitters of exponent 1.2": inp(
        PIPE.format(rough="120"), emitters="E 0.03\nF 0.02", options="EMITTER EXPONENT 1.2"
    ),
    "emitter that draws in": inp(PIPE.format(rough="120"), emitters="H 0.5")
    .replace("G 0 0", "G 0 0\nH 75 0")
    .replace("6 F G", "H1 G H 100 100 120 0 Open\n6 F G"),
    "emitter that may not": inp(
        PIPE.format(rough="120"), emitters="H 0.5", options="BACKFLOW ALLOWED NO"
    )
    .replace("G 0 0", "G 0 0\nH 75 0")
    .replace("6 F G", "H1 G H 100 100 120 0 Open\n6 F G"),
    "leaks of pipes": inp(
        PIPE.format(rough="120") + "\n[LEAKAGE]\n1 8 0.4\n3 5 0\n7 6 0.5\n5 0 1.5"
    ),
    "demands on pressure": inp(
        PIPE.format(rough="120"),
        options="DEMAND MODEL PDA\nMINIMUM PRESSURE 4\nREQUIRED PRESSURE 45\nPRESSURE EXPONENT 0.5",
    ),
    "demands on pressure, other power": inp(
        PIPE.format(rough="120"),
        options="DEMAND MODEL PDA\nMINIMUM PRESSURE 0\nREQUIRED PRESSURE 60\nPRESSURE EXPONENT 0.8",
        emitters="E 0.8",
    ),
    "too little pressure": inp(
        PIPE.format(rough="120"),
        reservoir="13",
        tank="Closed",
        options="DEMAND MODEL PDA\nMINIMUM PRESSURE 2\nREQUIRED PRESSURE 10\nPRESSURE EXPONENT 0.5",
        emitters="E 4",
    ),
    "power pump": inp(
        f"{_lead()}[PUMPS]\nP A B POWER 8", units="GPM", reservoir="120", second="150"
    ),
    "one-point pump": inp(f"{_lead()}[PUMPS]\nP A B HEAD k\n[CURVES]\nk 40 25", reservoir="35"),
    "one-point pump, slow": inp(
        f"{_lead()}[PUMPS]\nP A B HEAD k SPEED 0.85\n[CURVES]\nk 40 25", reservoir="35"
    ),
    "three-point pump": inp(
        f"{_lead()}[PUMPS]\nP A B HEAD k SPEED 1.1\n[CURVES]\nk 0 40\nk 25 30\nk 60 5",
        reservoir="35",
    ),
    "custom pump": inp(
        f"{_lead()}[PUMPS]\nP A B HEAD k SPEED 0.95\n[CURVES]\nk 0 41\nk 12 38\nk 25 30\nk 45 9",
        reservoir="35",
    ),
    "pump that cannot lift": inp(
        f"{_lead()}[PUMPS]\nP A B HEAD k\n[CURVES]\nk 40 5", reservoir="35"
    ),
    "reducing valve, active": inp(_valve("PRV", "38", "1.5")),
    "reducing valve, active, tank shut": inp(_valve("PRV", "33"), tank="Closed"),
    "reducing valve, open": inp(_valve("PRV", "55", "2"), tank="Closed"),
    "reducing valve, shut": inp(_valve("PRV", "20")),
    "reducing valve and demands on pressure": inp(
        _valve("PRV", "30"),
        tank="Closed",
        emitters="E 0.4",
        options="DEMAND MODEL PDA\nMINIMUM PRESSURE 0\nREQUIRED PRESSURE 40\nPRESSURE EXPONENT 0.5",
    ),
    "sustaining valve, active": inp(_valve("PSV", "28.5")),
    "sustaining valve, open": inp(_valve("PSV", "10"), tank="Closed"),
    "sustaining valve, shut": inp(_valve("PSV", "45")),
    "breaker": inp(_valve("PBV", "7", "1")),
    "flow valve, active": inp(_valve("FCV", "12")),
    "flow valve, short": inp(_valve("FCV", "90", "1")),
    "throttle": inp(_valve("TCV", "60")),
    "throttle held open": inp(_valve("TCV", "60", "3", extra="[STATUS]\nV Open\n")),
    "general valve": inp(_valve("GPV", "g", extra="[CURVES]\ng 0 0\ng 10 2\ng 30 9\ng 60 30\n")),
    "positional valve": inp(
        _valve("PCV", "40", "2").replace("PCV 40 2", "PCV 40 2 pc")
        + "[CURVES]\npc 10 3\npc 50 30\npc 90 85\n"
    ),
    "two valves in a row": inp(
        f"{_lead()}H1 H B 150 150 120 0 Open\n[VALVES]\nV A H 150 PRV 30 0\nW A D 100 FCV 4 0"
    ).replace("G 0 0", "G 0 0\nH 14 1"),
}
"""By name."""
