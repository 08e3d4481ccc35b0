"""Paired differences of cells from a reference, computed anew from the summary of a result.

against_where.py RESULT CSV CASES CAPACITIES REFERENCE   CSV: of `compare RESULT --csv --columns ...`, with six
    replications; the cells shown are those of CASES and CAPACITIES; the reference is a case, each cell that of its
    own beta, or CASE@BETA, all cells that one
"""
import csv
import math
import sys

import h5py

from paired_tests import holm, p_of

T_975_OF_5 = 2.5705818356363146  # Student's, 5 degrees of freedom


def cells_of(path, column):
    """{(case, beta, capacity): values by replication}; beta is '-' where the case reads none"""
    cells = {}
    with h5py.File(path) as file:
        summary = file["summary"]
        names = [s.decode() if isinstance(s, bytes) else s for s in summary["case"][:]]
        values = summary[column][:] / 1e9
        for i, case in enumerate(names):
            beta = float(summary["market.beta"][i])
            key = (case, "-" if case == "grid" else beta, float(summary["storage.capacity"][i]))
            cells.setdefault(key, {})[int(summary["replication"][i])] = float(values[i])
    assert all(sorted(c) == list(range(6)) for c in cells.values()), cells
    return cells


def family(cells, reference):
    """{cell: its differences}: of every cell with a reference, but that itself"""
    case, _, beta = reference.partition("@")
    found = {}
    for key, values in cells.items():
        if key[0] == case and (not beta or key[1] == float(beta)):
            continue
        base = cells.get((case, float(beta) if beta else key[1], key[2]))
        if base:
            found[key] = [values[r] - base[r] for r in range(6)]
    return found


def expected(differences):
    """Difference, bounds and p of cells, of which those with equal replications are not tested"""
    out, tested = {}, []
    for key, d in differences.items():
        mean = sum(d) / 6
        error = math.sqrt(sum((x - mean) ** 2 for x in d) / 5 / 6)
        out[key] = {"difference": mean}
        if error > 0:
            out[key].update(lower=mean - T_975_OF_5 * error, upper=mean + T_975_OF_5 * error)
            out[key]["p"] = p_of(mean / error)
            tested.append(key)
    for key, p in zip(tested, holm([out[k]["p"] for k in tested])):
        out[key]["holm_p"] = p
    return out, len(tested)


def main(result, table, cases, capacities, reference):
    rows = [r for r in csv.DictReader(open(table)) if r["row"] == "cell"]
    for column in ("saving", "cost"):
        cells = cells_of(result, column)
        values, n_tested = expected(family(cells, reference))
        shown = [
            k
            for k in values
            if k[0] in cases.split(",") and k[2] in map(float, capacities.split(","))
        ]
        mine = [r for r in rows if r["quantity"] == column]
        assert len(mine) == len(shown) > 0, (mine, shown)
        for row in mine:
            beta = row["market.beta"]
            key = (row["case"], beta if beta == "-" else float(beta), float(row["storage.capacity"]))
            assert key in shown, key
            assert int(row["family"]) == n_tested, (row, n_tested)
            for name in ("difference", "lower", "upper", "p", "holm_p"):
                there = float(row[name]) if row[name] else None
                value = values[key].get(name)
                assert (there is None) == (value is None), (row, name, value)
                assert value is None or abs(there - value) < 1e-9, (row, name, value)


main(*sys.argv[1:])
