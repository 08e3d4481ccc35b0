"""What tests in Python share that compute a sweep's statistics anew: TAP, columns of a result with
their units, and intervals by their definitions."""
import csv
import math

import h5py
import numpy as np

# Student's t at 97.5 % by degrees of freedom, from tables
T = {3: 3.182446305284263, 11: 2.200985160091640, 31: 2.039513446396408}
count = 0


def check(ok, sentence):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {sentence}")


def plan():
    print(f"1..{count}")


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(file))


def columns_of(group):
    """Name to values, numbers in their unit."""
    column = {}
    for name, item in group.items():
        if isinstance(item, h5py.Dataset):
            values = item.asstr()[()] if item.dtype.kind == "O" else item[()]
            column[name] = values * item.attrs.get("scale_factor", 1) if values.dtype.kind in "iuf" \
                else values
    return column


def mean_and_half(x):
    return x.mean(), T[len(x) - 1] * x.std(ddof=1) / math.sqrt(len(x))


def fieller(x, y):
    """All rho with |mean(x - rho y)| <= t sd(x - rho y)/sqrt(n), by the roots of its square."""
    n = len(x)
    c = T[n - 1] ** 2 / n
    cov = np.cov(x, y)
    a = y.mean() ** 2 - c * cov[1][1]
    b = -2 * (x.mean() * y.mean() - c * cov[0][1])
    d = x.mean() ** 2 - c * cov[0][0]
    root = math.sqrt(max(0.0, b * b - 4 * a * d))  # of what does not vary rounding is left
    return x.mean() / y.mean(), (-b - root) / (2 * a), (-b + root) / (2 * a)
