"""What rested in the book of a slot at random moments: `gridbourse book --at` against the replay of
/orders in replay.py. argv: gridbourse, a result, how many moments. Prints how many books held bids
and asks, and how many of their rows had traded in part."""
import csv
import random
import subprocess
import sys

import h5py

from replay import ADD, OK, ORDER_COLUMNS, SELL, Auction, by_slot, rows_of, words

SOURCES = ("any", "solar", "wind", "storage", "grid")


def expected(messages, times, is_pooled, at_midpoint, at):
    """(meter, side, quote, Wh left, source) of what rests, by place; and how many are filled in part"""
    auction = Auction(is_pooled, at_midpoint)
    for place, row in enumerate(messages):
        if times[row["height"]] <= at:
            auction.take(row, place)
    resting = sorted((o for o in auction.orders.values() if o.rests), key=lambda o: o.place)
    return ([(o.meter, "sell" if o.side == SELL else "buy", o.price, o.left(), SOURCES[o.source])
             for o in resting], sum(o.filled > 0 for o in resting))


def ticks(text, scale):
    return round(float(text) * scale)


def written(program, result, trial, slot, after):
    text = subprocess.run([program, "book", result, "--trial", str(trial), "--slot", str(slot), "--at",
                           f"{after} ns"], check=True, capture_output=True, text=True).stdout
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return [(int(r["owner"]), r["side"], ticks(r["price"], 1e6), ticks(r["quantity"], 1e3),
             r.get("source")) for r in rows]


program, path, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
draw = random.Random(9)
with h5py.File(path) as file:
    summary = file["summary"]
    trials = [int(t) for t in summary["trial"][()]]
    books = dict(zip(trials, words(summary, "market.books", len(trials), "by_source")))
    prices = dict(zip(trials, words(summary, "market.trade_price", len(trials), "midpoint")))
    orders = by_slot(r for r in rows_of(file["orders"], ORDER_COLUMNS) if r["status"] == OK)
    blocks = {}
    for row in rows_of(file["blocks"], ("trial", "height", "sealed")):
        blocks.setdefault(row["trial"], {})[row["height"]] = row["sealed"]
    slot_ns = int(summary["slot_ns"][0])
n_two_sided = n_partly = 0
for trial, slot in draw.sample(sorted(orders), n):
    messages = sorted(orders[trial, slot], key=lambda r: (r["height"], r["transaction"], r["message"]))
    after = draw.randrange(300 * 10**9)  # market.open is 5 min
    at = slot * slot_ns - 300 * 10**9 + after
    is_pooled = books[trial] == "pooled"
    rows, partly = expected(messages, blocks[trial], is_pooled, prices[trial] == "midpoint", at)
    if is_pooled:
        rows = [row[:4] + (None,) for row in rows]
    found = written(program, path, trial, slot, after)
    if found != rows:
        sys.exit(f"trial {trial}, slot {slot}, {after} ns after the opening: {found}, expected {rows}")
    n_two_sided += {row[1] for row in rows} == {"buy", "sell"}
    n_partly += partly
print(n_two_sided, n_partly)
