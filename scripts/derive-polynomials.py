"""Derives the minimax polynomials of kernels/math.ts. Needs Python with mpmath and numpy; run it and compare
with the constants there.

Each polynomial is fitted to a smooth remainder function on an interval by Lawson's iteratively reweighted
least squares on Chebyshev nodes (which converges to the minimax fit), with a weight that turns the error into
a relative error of the final result.
"""

import mpmath as mp
import numpy as np

mp.mp.dps = 40


def fit(name, f, low, high, degree, weight):
    nodes = 2000
    t = np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes)
    x = 0.5 * (low + high) + 0.5 * (high - low) * t
    y = np.array([float(f(mp.mpf(v))) for v in x])
    w0 = np.array([float(weight(mp.mpf(v))) for v in x])
    basis = np.polynomial.chebyshev.chebvander(t, degree)
    lawson = np.ones(nodes)
    best = None
    for _ in range(300):
        scale = w0 * np.sqrt(lawson)
        coefficients, *_ = np.linalg.lstsq(basis * scale[:, None], y * scale, rcond=None)
        error = np.abs((basis @ coefficients - y) * w0)
        if best is None or error.max() < best[0]:
            best = (error.max(), coefficients)
        lawson *= error + 1e-300
        lawson /= lawson.sum()
    poly = np.polynomial.chebyshev.Chebyshev(best[1], domain=[low, high]).convert(
        kind=np.polynomial.Polynomial
    )
    print(f"{name}: relative error {best[0]:.3g}")
    for i, c in enumerate(poly.coef):
        print(f"  c{i} = {np.float32(c)!r}")


half_ln2 = float(mp.log(2) / 2) * 1.0001
# exp(r) = 1 + r + r^2 P(r)
fit(
    "exp",
    lambda r: (mp.exp(r) - 1 - r) / r**2 if r else mp.mpf(1) / 2,
    -half_ln2,
    half_ln2,
    4,
    lambda r: r**2,
)
# log(1 + f) = f - f^2/2 + f^3 P(f); relative to log(1 + f)
fit(
    "log",
    lambda f: (mp.log1p(f) - f + f * f / 2) / f**3,
    float(mp.sqrt(0.5)) - 1,
    float(mp.sqrt(2)) - 1,
    8,
    lambda f: abs(f**3 / mp.log1p(f)),
)
# sin(r) = r + r^3 P(r^2) and cos(r) = 1 - r^2/2 + r^4 Q(r^2) on |r| <= pi/4, in z = r^2
quarter = float((mp.pi / 4) ** 2)
fit("sin", lambda z: (mp.sin(mp.sqrt(z)) - mp.sqrt(z)) / mp.sqrt(z) ** 3, 1e-9, quarter, 2, lambda z: z)
fit("cos", lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2, 1e-6, quarter, 2, lambda z: z**2)
# tanh(x) = x + x^3 P(x^2) on |x| < 0.625
fit("tanh", lambda z: (mp.tanh(mp.sqrt(z)) - mp.sqrt(z)) / mp.sqrt(z) ** 3, 1e-6, 0.625**2, 4, lambda z: z)
print("ln2 high", repr(np.float32(0.693359375)), "low", repr(np.float32(mp.log(2) - mp.mpf(0.693359375))))


def mills(t):
    """Q(z) e^(z^2 / 2) for z = (2 - 2t) / t, Q being the upper tail of the standard normal: t = 1 / (1 + z /
    2)."""
    z = (2 - 2 * t) / t
    return mp.erfc(z / mp.sqrt(2)) / 2 * mp.exp(z * z / 2)


# The upper tail of the standard normal, Q(z) = e^(-z^2 / 2) t P(t), t = 1 / (1 + z / 2), for z in [0, 14.5]
fit("tail", lambda t: mills(t) / t, 1 / (1 + 14.5 / 2), 1, 9, lambda t: t / mills(t))
