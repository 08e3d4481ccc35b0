"""A result as the oracle reads it: its tables as integers in the smallest unit, its scenario as a dictionary."""
from fractions import Fraction

import h5py
import numpy

LATE = ("gate_closed", "late", "given_up")
PASSING = ("expired", "replay", "too_early")
NO_TIME = -2**63


class Result:
    """The tables of one file as integers in the smallest unit, and its scenario as a dictionary."""

    def __init__(self, path):
        self.words = {}
        with h5py.File(path) as f:
            self.tables = {name: self.table(f[name]) for name in f if name != "provenance"}
            self.scenario, self.entries = read_scenario(f["provenance/scenario"].asstr()[()])

    def table(self, group):
        """By h5py's lower interface, which takes half the time over hundreds of short columns."""
        out = {}
        for key in group.id:
            name, data = key.decode(), h5py.h5d.open(group.id, key)
            if h5py.h5a.exists(data, b"CLASS") and group[name].attrs["NAME"].startswith(b"This is a netCDF"):
                continue
            if h5py.h5a.exists(data, b"flag_meanings"):
                self.words[group.name[1:] + "." + name] = group[name].attrs["flag_meanings"].split()
            column = numpy.empty(data.shape, data.dtype)
            data.read(h5py.h5s.ALL, h5py.h5s.ALL, column)
            out[name] = [word.decode() for word in column] if column.dtype.kind == "O" else column.tolist()
        return out

    def rows(self, name):
        table = self.tables[name]
        keys = list(table)
        return [dict(zip(keys, values)) for values in zip(*table.values())]


def read_scenario(text):
    """`section:` with indented `key: value` lines to {"section.key": "value"}; and the rows of orders. A table is a
    list of its lines."""
    scenario, section, block = {}, "", None
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        key, colon, value = line.strip().partition(":")
        if block is not None and indent >= 4:
            block.append(line[4:])
        elif colon and value == " |":
            block = scenario[(section if indent else "") + key] = []
        elif indent == 0 and colon and not value:
            section = key + "."
        elif colon:
            scenario[(section if indent else "") + key] = value.strip().strip('"')
    head, *rows = [line.split(",") for line in scenario.get("orders.inline", [])] or [[]]
    return scenario, [dict(zip(head, cells)) for cells in rows]


def ticks(text):
    return round(Fraction(text) * 10**6)


def nanoseconds(text):
    number, unit = text.split()
    return round(Fraction(number) * {"ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9,
                                     "d": 86400 * 10**9}[unit])


def ratio(a, b):
    return a / b if b else float("nan")


def plus(x):
    return max(x, 0)


def quantile(pairs, percent):
    """Smallest value with at least so much of the weight at or below it."""
    whole, below = sum(w for _, w in pairs), 0
    for value, weight in sorted(pairs):
        below += weight
        if below * 100 >= whole * percent and whole > 0:
            return value
    return float("nan")


def gini_of_any_sign(x):
    apart = sum(abs(a - b) for a in x for b in x)
    return ratio(apart, 2 * len(x) * sum(map(abs, x)))
