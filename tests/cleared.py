"""Each slot of results as `gridbourse book` writes it, through `gridbourse clear` with the settings that
stand there: trade by trade what is recorded in /trades. Prints how many slots traded, and trades.

usage: cleared.py RESULT.h5 ...
"""
import csv
import shlex
import subprocess
import sys

import h5py

MOST_SLOTS = 3  # or a few more, of a result


def call(*words, **more):
    return subprocess.run(["gridbourse", *words], check=True, capture_output=True, text=True, **more).stdout


def recorded(result, interval):
    """Round, seller, buyer, Wh and both prices in ticks, in the order of the match."""
    trades = h5py.File(result)["trades"]
    names = ("number", "round", "seller", "buyer", "energy_wh", "price_buy", "price_sell")
    columns = [trades[name][()][trades["interval"][()] == interval] for name in names]
    return [tuple(map(int, row))[1:] for row in sorted(zip(*columns))]


def cleared(result, interval):
    book = call("book", result, "--slot", str(interval))
    command = next(line for line in book.splitlines() if line.startswith("# the market of the run:"))
    settings = shlex.split(command.split("BOOK.csv", 1)[1])
    rows = csv.DictReader(line for line in book.splitlines() if not line.startswith("# "))
    owners = {row["id"]: int(row["owner"]) for row in rows if row["owner"]}
    return [(int(row["round"]), owners[row["seller"]], owners[row["buyer"]],
             round(float(row["quantity"]) * 1000), round(float(row["price"]) * 1e6),
             round(float(row["price_sell"]) * 1e6))
            for row in csv.DictReader(call("clear", "-", *settings, input=book).splitlines())]


def slots_of(result):
    """Some that traded, and the first that did not."""
    trades = h5py.File(result)["trades"]["interval"][()]
    intervals = sorted(set(map(int, h5py.File(result)["orders"]["interval"][()])))
    with_trades = [k for k in intervals if k in trades]
    return with_trades[:: max(1, len(with_trades) // MOST_SLOTS)] + [k for k in intervals if k not in trades][:1]


n_slots = n_trades = 0
for path in sys.argv[1:]:
    for slot in slots_of(path):
        expected = recorded(path, slot)
        got = cleared(path, slot)
        if got != expected:
            sys.exit(f"{path}, slot {slot}: recorded {expected}, cleared {got}")
        n_slots += len(expected) > 0
        n_trades += len(expected)
print(n_slots, n_trades)
