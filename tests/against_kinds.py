"""What cells bring each kind of household more than a reference does, computed anew.

against_kinds.py RESULT CSV KEY REFERENCE   CSV: of `compare RESULT --against KEY=REFERENCE --csv`, with
                                            six replications and homes of every kind in each of them
"""
import csv
import math
import sys

import h5py
import numpy as np

from paired_tests import holm, p_of

T_975_OF_5 = 2.5705818356363146  # Student's, 5 degrees of freedom


def gains(file, key):
    """{(value of the key, kind): mean saving of a home by replication}"""
    users, summary = file["users"], file["summary"]
    kinds = np.array([k.decode() for k in users["kind"][:]])
    saving = (users["cost_grid_only"][:] - users["cost"][:]) / 1e9
    of_trial = {}
    for trial, replication, value in zip(summary["trial"][:], summary["replication"][:], summary[key][:]):
        of_trial[int(trial)] = (float(value), int(replication))
    found = {}
    for trial in of_trial:
        value, replication = of_trial[trial]
        for kind in sorted(set(kinds)):
            mine = saving[(users["trial"][:] == trial) & (kinds == kind)]
            found.setdefault((value, kind), {})[replication] = mine.mean()
    return {k: np.array([v[r] for r in sorted(v)]) for k, v in found.items()}


def main(result, table, key, reference):
    with h5py.File(result) as file:
        means = gains(file, key)
    rows = [r for r in csv.DictReader(open(table)) if r["row"].startswith("homes of ")]
    differences = [
        means[float(r[key]), r["row"][9:]] - means[float(reference), r["row"][9:]] for r in rows
    ]
    assert len(rows) == len([k for k in means if k[0] != float(reference)]) > 3
    assert all(len(d) == 6 for d in differences)
    errors = [d.std(ddof=1) / math.sqrt(6) for d in differences]
    p = [p_of(d.mean() / e) for d, e in zip(differences, errors)]
    for row, d, e, raw, adjusted in zip(rows, differences, errors, p, holm(p)):
        expected = {
            "cell": means[float(row[key]), row["row"][9:]].mean(),
            "reference": means[float(reference), row["row"][9:]].mean(),
            "difference": d.mean(),
            "lower": d.mean() - T_975_OF_5 * e,
            "upper": d.mean() + T_975_OF_5 * e,
            "p": raw,
            "holm_p": adjusted,
        }
        assert row["quantity"] == "user_saving" and row["trials"] == "6"
        assert int(row["family"]) == len(rows)
        for name, value in expected.items():
            assert abs(float(row[name]) - value) < 1e-9, (row, name, value)


main(*sys.argv[1:])
