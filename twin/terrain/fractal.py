"""Fractal noise with the spectrum of real ground, for relief nobody has measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# 2-D spectral exponents: fitted 1-D profile exponents (1.72 above 2 km, 2.85 from 2 km to 500 m,
# 4.3 below) plus one, for isotropic ground. Fitted [D] on the SRTM3 tile N50E010 (Thuringia);
# that the Indre's ground shares them is an assumption [U].
BREAKS_M = (2_000.0, 500.0)
EXPONENTS = (2.72, 3.85, 5.3)


def fractal_noise(
    shape: tuple[int, int],
    cell_m: float,
    generator: np.random.Generator,
    longest_m: float,
    shortest_m: float = 0.0,
) -> NDArray[np.float64]:
    """Return zero-mean, unit-variance noise holding wavelengths from `shortest_m` to `longest_m`.

    White noise filtered in the Fourier domain by a power law broken at 2 km and at 500 m, the
    spectrum of real ground: profile exponents 1.7, 2.85 and 4.3, fitted [D] on the SRTM3 tile
    N50E010 (Thuringia, hilly) and assumed [U] elsewhere. The field is drawn a quarter wider than
    asked, so opposite edges do not repeat each other. Wavelengths outside the band fade out as a
    second-order Butterworth filter.

    Parameters
    ----------
    shape
        (rows, columns) of the field.
    cell_m
        Side of a cell.
    generator
        Source of the dice; the same generator state gives the same bits.
    longest_m, shortest_m
        Band of wavelengths kept; `shortest_m` = 0 keeps everything down to the cell.
    """
    from scipy import fft

    rows, columns = (fft.next_fast_len(int(n * 1.25) + 8, real=True) for n in shape)
    white = generator.standard_normal((rows, columns))
    frequency = np.hypot(fft.fftfreq(rows, cell_m)[:, None], fft.rfftfreq(columns, cell_m)[None, :])
    frequency[0, 0] = 1.0
    amplitude = _amplitude(frequency)
    amplitude /= 1.0 + (1.0 / (frequency * longest_m)) ** 4
    if shortest_m > 0.0:
        amplitude /= 1.0 + (frequency * shortest_m) ** 4
    amplitude[0, 0] = 0.0
    field = fft.irfft2(fft.rfft2(white) * amplitude, s=(rows, columns))[: shape[0], : shape[1]]
    field -= field.mean()
    return np.asarray(field / field.std(), dtype=np.float64)


def _amplitude(frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the square root of the broken power law, continuous at its breaks."""
    outer, inner = (1.0 / wavelength for wavelength in BREAKS_M)
    power = np.power(np.minimum(frequency, outer) / outer, -EXPONENTS[0])
    power *= np.power(np.clip(frequency, outer, inner) / outer, -EXPONENTS[1])
    power *= np.power(np.maximum(frequency, inner) / inner, -EXPONENTS[2])
    return np.asarray(np.sqrt(power), dtype=np.float64)
