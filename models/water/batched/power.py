"""Powers of a flow in all lanes at once, to a few parts in 1e15.

x^a = 2^(e a) m^a with x = m 2^e, m in [sqrt(1/2), sqrt(2)). Each factor is a polynomial through
the Chebyshev nodes of its interval, its coefficients computed here to fifty digits from the
definition; 2^(e a) splits into a whole power, which is an addition to the bits, and a rest within
half an octave. Checked against the mathematical library in `tests/models/water/batched`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

from numba import njit

from models.water.batched.lanes import Lanes, exponent_and_rest, fma, nearest, scaled, splat

HAZEN_WILLIAMS = 1.852
"""Exponent of the flow in the Hazen-Williams head loss, as EPANET rounds it [V]."""

_DIGITS = 50
_PI = Decimal("3.14159265358979323846264338327950288419716939937511")


def chebyshev_coefficients(
    function: Callable[[Decimal], Decimal], low: Decimal, high: Decimal, degree: int
) -> tuple[float, ...]:
    """Return the polynomial in (x - middle) that meets a function at the interval's nodes.

    Lowest power first. Divided differences in decimals, so the coefficients are exact to the last
    bit of a float64.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        middle, half = (low + high) / 2, (high - low) / 2
        count = degree + 1
        nodes = [half * _cosine(_PI * (2 * k + 1) / (2 * count)) for k in range(count)]
        newton = [function(middle + node) for node in nodes]
        for order in range(1, count):
            for k in range(count - 1, order - 1, -1):
                newton[k] = (newton[k] - newton[k - 1]) / (nodes[k] - nodes[k - order])
        poly = [newton[-1]]
        for k in range(count - 2, -1, -1):
            shifted = [Decimal(0), *poly]
            poly = [a - nodes[k] * b for a, b in zip(shifted, [*poly, Decimal(0)], strict=True)]
            poly[0] += newton[k]
        return tuple(float(value) for value in poly)


def _cosine(angle: Decimal) -> Decimal:
    term, total, n = Decimal(1), Decimal(1), 0
    while abs(term) > Decimal(10) ** -_DIGITS:
        n += 2
        term *= -angle * angle / (n * (n - 1))
        total += term
    return total


_LOW, _HIGH = Decimal(math.sqrt(0.5)), Decimal(math.sqrt(2.0))
_MIDDLE = float((_LOW + _HIGH) / 2)
_POWER = Decimal("-0.852")
_M = chebyshev_coefficients(lambda x: (_POWER * x.ln()).exp(), _LOW, _HIGH, 18)
_E = chebyshev_coefficients(
    lambda x: (x * Decimal(2).ln()).exp(), Decimal("-0.5"), Decimal("0.5"), 11
)
_STEP = float(_POWER)

# The logarithm is taken in two parts so that its absolute error stays below 1e-16 near 1.
_L = chebyshev_coefficients(
    lambda x: (x.ln() / Decimal(2).ln()) / (x - 1) if x != 1 else 1 / Decimal(2).ln(),
    _LOW,
    _HIGH,
    20,
)


@njit(inline="always")
def exp2(x: Lanes) -> Lanes:
    """Return 2^x for |x| < 1000."""
    whole = nearest(x)
    f = x - whole
    g = f * f
    even = fma(
        fma(fma(fma(fma(splat(_E[10]), g, splat(_E[8])), g, splat(_E[6])), g, splat(_E[4])), g,
            splat(_E[2])), g, splat(_E[0]),
    )  # fmt: skip
    odd = fma(
        fma(fma(fma(fma(splat(_E[11]), g, splat(_E[9])), g, splat(_E[7])), g, splat(_E[5])), g,
            splat(_E[3])), g, splat(_E[1]),
    )  # fmt: skip
    return scaled(fma(odd, f, even), whole)


@njit(inline="always")
def inverse_hazen_power(x: Lanes) -> Lanes:
    """Return x^-0.852 for x > 0 and not subnormal; to 1e-14 relative."""
    e, m = exponent_and_rest(x)
    t = m - splat(_MIDDLE)
    g = t * t
    even = fma(
        fma(fma(fma(fma(fma(fma(fma(fma(
            splat(_M[18]), g, splat(_M[16])), g, splat(_M[14])), g, splat(_M[12])), g,
            splat(_M[10])), g, splat(_M[8])), g, splat(_M[6])), g, splat(_M[4])), g,
            splat(_M[2])), g, splat(_M[0]),
    )  # fmt: skip
    odd = fma(
        fma(fma(fma(fma(fma(fma(fma(
            splat(_M[17]), g, splat(_M[15])), g, splat(_M[13])), g, splat(_M[11])), g,
            splat(_M[9])), g, splat(_M[7])), g, splat(_M[5])), g, splat(_M[3])), g,
            splat(_M[1]),
    )  # fmt: skip
    return fma(odd, t, even) * exp2(e * splat(_STEP))


@njit(inline="always")
def log2(x: Lanes) -> Lanes:
    """Return the binary logarithm of x > 0, not subnormal."""
    e, m = exponent_and_rest(x)
    t = m - splat(_MIDDLE)
    p = splat(_L[20])
    for k in range(19, -1, -1):
        p = fma(p, t, splat(_L[k]))
    return fma(p, m - splat(1.0), e)


@njit(inline="always")
def power(x: Lanes, exponent: Lanes) -> Lanes:
    """Return x^exponent for x > 0; to about 1e-14 relative where |exponent log2 x| < 50."""
    return exp2(exponent * log2(x))
