"""p of Student's t of 5 degrees of freedom, and Holm's of a family, without the program's code."""
import math


def p_of(t):
    """Two-sided, 5 degrees of freedom (Abramowitz and Stegun 1964, 26.7.3)."""
    theta = math.atan(abs(t) / math.sqrt(5))
    cos, sin = math.cos(theta), math.sin(theta)
    return 1 - 2 / math.pi * (theta + sin * cos * (1 + 2 / 3 * cos * cos))


def holm(p):
    order, out, most = sorted(range(len(p)), key=lambda i: p[i]), [0.0] * len(p), 0.0
    for rank, i in enumerate(order):
        most = max(most, min(1.0, (len(p) - rank) * p[i]))
        out[i] = most
    return out
