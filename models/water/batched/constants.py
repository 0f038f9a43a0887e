"""EPANET's constants in SI: what decides between its answer and another at the last millimetre.

EPANET 2.3.6 computes in feet and cubic feet a second (hydcoeffs.c, input1.c [V]); a gradient of
1 ft per cfs is FT / CFS metres per m3/s. Flows in SI are its own flows times 0.3048^3.
"""

from __future__ import annotations

HEADLOSSES = ("H-W", "C-M", "D-W")
"""Hazen-Williams, Chezy-Manning, Darcy-Weisbach: EPANET's words."""

FT = 0.3048
CFS = FT**3
GRADIENT = FT / CFS

SMALL_GRADIENT = 1e-6 * GRADIENT
"""Head loss gradient of a valve without loss."""

BIG_GRADIENT = 1e8 * GRADIENT
"""Head loss gradient of a closed link; its inverse holds the head of an active valve."""

LOW_GRADIENT = 1e-7 * GRADIENT
"""RQTOL: below it a law is a straight line through zero."""

FLAT_GRADIENT = 1e-4
"""The same for pipes, m per m3/s. EPANET's 1e-6 turns the rounding of a head into 1e-8 m3/s of flow
in a pipe without any; this one into 1e-10, and moves no head by 1e-7 m [D]."""

STIFF_GRADIENT = 1e-4
"""Of an active breaker valve: its flow moves until the loss is the setting, whatever this is."""

HEAD_TOLERANCE_M = 0.0005 * FT
"""HTOL of the status rules."""

FLOW_TOLERANCE_M3S = 0.0001 * CFS
"""QTOL of the status rules."""

NO_FLOW_M3S = 1e-6 * CFS
"""Flow at the start in a closed link (QZERO), and the least of a constant-power pump (TINY)."""

START_M_PER_S = FT
"""Velocity at the start in an open pipe."""

HAZEN_WILLIAMS_R = 4.727
"""h = 4.727 L C^-1.852 D^-4.871 q^1.852 in feet and cfs."""

MINOR_R = 0.02517
"""h = 0.02517 K D^-4 q^2 in feet and cfs: 8 / (pi^2 g)."""

CONSTANT_POWER_R = 8.814
"""h = 8.814 P / q in feet, horsepower and cfs."""

W_PER_HP = 745.7
VISCOSITY_FT2_S = 1.1e-5
"""Kinematic viscosity of water at 20 C."""

GRAVITY_FT = 32.2

DISCHARGE = 0.6
"""Cd of a FAVAD leak, q = Cd sqrt(2 g) (A0 p^0.5 + m p^1.5)."""

GRAVITY_M = 9.81
"""As the house's leak laws have it; EPANET takes 32.2 ft/s2, 0.05 % above."""
