"""The figures quotes, depth and concessions of a slot against the replay of /orders in replay.py. argv: a
result of one trial, its slot, the folder of the figures. Prints trades, resting asks and bids, quotes."""
import sys

import h5py

from replay import OK, ORDER_COLUMNS, SELL, Auction, by_slot, rows_of

OPEN_NS, GATE_NS = 300 * 10**9, 20 * 10**9


def blocks_of(name):
    """blocks of groups of rows of numbers"""
    blocks = [[[]]]
    blank = 0
    for line in open(name, encoding="utf-8"):
        if line.startswith("#"):
            continue
        if line.strip():
            if blank >= 2:
                blocks.append([[]])
            elif blank == 1:
                blocks[-1].append([])
            blank = 0
            blocks[-1][-1].append([float(x) for x in line.split()[:5]] if '"' not in line else line)
        else:
            blank += 1
    return blocks


def near(a, b):
    return len(a) == len(b) and all(abs(x - y) < 1e-9 for x, y in zip(a, b))


def expect(what, found, wanted):
    if len(found) != len(wanted) or not all(near(f, w) for f, w in zip(found, wanted)):
        sys.exit(f"{what}: {found}, expected {wanted}")


path, slot, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with h5py.File(path) as file:
    slot_ns = int(file["summary"]["slot_ns"][0])
    messages = sorted(by_slot(r for r in rows_of(file["orders"], ORDER_COLUMNS) if r["status"] == OK)[0, slot],
                      key=lambda r: (r["height"], r["transaction"], r["message"]))
    sealed = {r["height"]: r["sealed"] for r in rows_of(file["blocks"], ("height", "sealed"))}
    reserves = {int(m): int(r) for m, r, k in zip(file["orders"]["number"][()], file["orders"]["reserve"][()],
                                                 file["orders"]["interval"][()]) if k == slot}
opening = slot * slot_ns - OPEN_NS
half = opening + (OPEN_NS - GATE_NS) // 2
auction = Auction(False, True)
trades, quotes, resting = [], {}, None
for place, row in enumerate(messages):
    at = sealed[row["height"]]
    if resting is None and at > half:
        resting = [(o.side, o.price, o.place, o.left()) for o in auction.orders.values() if o.rests]
    before = len(auction.trades)
    auction.take(row, place)
    for _, _, ask, bid, energy, price in auction.trades[before:]:
        trades.append((1e-9 * (at - opening), 1e-6 * price, 1e-6 * auction.orders[ask].price,
                       1e-6 * auction.orders[bid].price, 1e-3 * energy))
    for order in auction.orders.values():
        path_of = quotes.setdefault(order.number, [])
        now = order.price if order.rests else None
        if (path_of[-1][1] if path_of else None) != now:
            path_of.append((1e-9 * (at - opening), now))

asks, bids, dots = blocks_of(f"{folder}/quotes.dat")
expect("trades", dots[0], trades)
n_quotes = 0
for groups, side in ((asks, SELL), (bids, 1 - SELL)):
    paths = [quotes[n] for n in sorted(quotes) if auction.orders[n].side == side and quotes[n]]
    for group, points in zip(groups, paths, strict=True):
        steps = []
        for (since, price), (until, _) in zip(points, points[1:] + [(1e-9 * (OPEN_NS - GATE_NS), None)]):
            if price is not None:
                steps += [(since, 1e-6 * price), (until, 1e-6 * price)]
                n_quotes += 1
        if [s for i, s in enumerate(steps)] != [] and not all(
                any(near(s, g) for g in group) for s in steps):
            sys.exit(f"quotes: {group}, expected {steps}")
        if not {round(1e6 * g[1]) for g in group} == {round(1e6 * s[1]) for s in steps}:
            sys.exit(f"quotes: {group}, expected {steps}")

depth = blocks_of(f"{folder}/depth.dat")
for block, side, sign in ((depth[0], SELL, 1), (depth[1], 1 - SELL, -1)):
    kwh, steps = 0, []
    for _, price, _, left in sorted((r for r in resting if r[0] == side), key=lambda r: (sign * r[1], r[2])):
        steps += [(1e-3 * kwh, 1e-6 * price), (1e-3 * (kwh + left), 1e-6 * price)]
        kwh += left
    # among equal prices the figure's order is that of numbers: ends of steps alone are compared
    if [round(1e6 * s[1]) for s in steps] != [round(1e6 * s[1]) for s in block[0]] or abs(
            steps[-1][0] - block[0][-1][0]) > 1e-9:
        sys.exit(f"depth: {block[0]}, expected {steps}")

concessions = blocks_of(f"{folder}/concessions.dat")
expect("trades of concessions", concessions[0][0], trades)
known = [groups[0] for groups in concessions[1::2]]
for group, mark in zip(known, concessions[2::2], strict=True):
    owner = [n for n in quotes if quotes[n] and near(group[0], (quotes[n][0][0], 1e-6 * (quotes[n][0][1] or 0)))]
    if not any(abs(mark[0][0][1] - 1e-6 * reserves[n]) < 1e-9 for n in owner):
        sys.exit(f"reserve: {mark}, of {owner}")
n_sides = [sum(r[0] == side for r in resting) for side in (SELL, 1 - SELL)]
print(len(trades), *n_sides, n_quotes, len(known))
