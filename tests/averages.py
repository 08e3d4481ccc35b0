"""Averages of a sweep computed anew from its HDF5 file, beside what `compare --csv` says: argv is the
result, then the CSV of all cells, of one start date, and of cells against a reference, what
`compare` says of one trial alone, and the result of merged shards."""
import sys

import h5py
import numpy as np

import intervals
from intervals import check, fieller, mean_and_half, rows_of

def near(a, b):
    return a != "" and abs(float(a) - b) <= 2e-5 * max(1e-3, abs(b))  # the CSV has six digits


with h5py.File(sys.argv[1]) as file:
    summary = file["summary"]
    column = intervals.columns_of(summary)
    n_values = int(summary["start_date"].attrs["averaged"])
    others = [k for k in column if "varied" in summary[k].attrs and "averaged" not in summary[k].attrs]

dates = sorted(set(column["start_date"]))
replications = sorted(set(column["replication"]))


def sums(row, name, date=None):
    """Of a cell, by replication: the mean over its start dates."""
    chosen = np.array([all(np.isnan(v) if row[k] == "-" else v == float(row[k])
                           for k, v in ((k, column[k][i]) for k in others if k != "case"))
                       and column["case"][i] == row["case"]
                       and (date is None or column["start_date"][i] == date)
                       for i in range(len(column["trial"]))])
    members = len(dates) if date is None else 1
    out = []
    for r in replications:
        values = column[name][chosen & (column["replication"] == r)]
        assert len(values) == members
        out.append(sum(values) / members)
    return np.array(out)


def compare(rows, date):
    means = ratios = 0
    for row in rows:
        if row["what"] == "saving":
            mean, half = mean_and_half(sums(row, "saving", date))
            if not (near(row["market"], mean) and near(row["market_upper"], mean + half)):
                return "saving"
            means += 1
        if row["what"] == "buyers_cost":
            base = sums(row, "buyers_cost_grid_only", date)
            ratio, low, high = fieller(sums(row, "buyers_cost", date) - base, base)
            if not (near(row["change_pct"], 100 * ratio) and near(row["change_pct_lower"], 100 * low)
                    and near(row["change_pct_upper"], 100 * high)):
                return "buyers_cost"
            ratios += 1
        if int(row["trials"]) != len(replications):
            return "trials"
    return "" if means == ratios == 6 else f"{means} means, {ratios} ratios"


check(n_values == len(dates) == 3, "the result says over how many values it averages")
check(compare(rows_of(sys.argv[2]), None) == "",
      "a cell's means and Fieller intervals are over replications, each the mean of its start dates")
check(compare(rows_of(sys.argv[3]), dates[1]) == "", "--where shows one start date alone")
wrong = 0
for row in rows_of(sys.argv[4]):
    if row["row"] == "cell" and row["quantity"] == "buyers_cost":
        base = dict(row, **{"market.beta": "0.1"})
        mean, half = mean_and_half(sums(row, "buyers_cost") - sums(base, "buyers_cost"))
        wrong += not (near(row["difference"], mean) and near(row["upper"], mean + half)) or half == 0
check(wrong == 0, "differences against a reference are those of the averages, replication by replication")
with open(sys.argv[5]) as file:
    text = file.read()
check("0 of 12" in text and "8.0923" not in text,
      "a replication that lacks a trial of its average is not counted")
with open(sys.argv[1], "rb") as whole, open(sys.argv[6], "rb") as merged:
    check(whole.read() == merged.read(), "shards of an average are merged to the same bytes")
with open(sys.argv[7]) as file:
    check("6 of 12 replications" in file.read(), "a figure counts replications of an average, not their trials")
with open(sys.argv[8]) as whole, open(sys.argv[9]) as one:
    check("t interval over replications" in whole.read() and "t interval over trials" in one.read(),
          "the head says what intervals are over, replications or, of one start date, trials")
intervals.plan()
