"""The trades of two rounds between which users quote anew, computed from /orders alone, of pooled
books at their default rules: argv are results. Shares nothing with the program. Round 1 trades while
quotes cross; round 2 lets each ask, cheapest first, take the first bid, dearest first, whose midpoint
with it lies within both reserves. Amendments keep their order's place. Prints trials with a trade,
trades, and amendments in force."""
import sys

import h5py
import numpy as np

ORDERS = ("trial", "interval", "number", "meter", "side", "status", "action", "target",
          "quantity_wh", "price", "reserve")
TRADES = ("trial", "interval", "number", "round", "sell_order", "buy_order", "energy_wh",
          "price_buy")
BUY, OK, ADD, AMEND = 0, 0, 0, 1


def rows_of(group, names):
    columns = [group[name][()].astype(np.int64) for name in names]
    return [dict(zip(names, map(int, values))) for values in zip(*columns)]


def by_slot(rows):
    slots = {}
    for row in rows:
        slots.setdefault((row["trial"], row["interval"]), []).append(row)
    return slots


def midpoint(a, b):
    floor, odd = divmod(a + b, 2)
    return floor + (floor & 1 if odd else 0)


def hold(orders, number, may_trade, trades):
    """One round: sellers in order of claim, each with the first buyers with whom it may trade."""
    asks = sorted((o for o in orders if o["side"] != BUY), key=lambda o: (o["price"], o["number"]))
    bids = sorted((o for o in orders if o["side"] == BUY), key=lambda o: (-o["price"], o["number"]))
    for ask in asks:
        for bid in bids:
            if ask["left"] == 0:
                break
            if bid["left"] == 0 or not may_trade(ask, bid):
                continue
            energy = min(ask["left"], bid["left"])
            ask["left"] -= energy
            bid["left"] -= energy
            trades.append((number, ask["number"], bid["number"], energy,
                           midpoint(ask["price"], bid["price"])))


def crosses(ask, bid):
    return bid["price"] >= ask["price"]


def is_within(ask, bid):
    return 2 * ask["reserve"] <= ask["price"] + bid["price"] <= 2 * bid["reserve"]


n_trades = n_amended = 0
trading = set()
for name in sys.argv[1:]:
    with h5py.File(name) as file:
        orders = by_slot(r for r in rows_of(file["orders"], ORDERS) if r["status"] == OK)
        made = by_slot(rows_of(file["trades"], TRADES))
    for key in sorted(orders.keys() | made.keys()):
        book = {r["number"]: dict(r, left=r["quantity_wh"]) for r in orders.get(key, [])
                if r["action"] == ADD}
        trades = []
        hold(list(book.values()), 1, crosses, trades)
        for row in orders.get(key, []):
            if row["action"] == AMEND:
                book[row["target"]]["price"] = row["price"]
                n_amended += 1
        hold(list(book.values()), 2, is_within, trades)
        recorded = [(t["round"], t["sell_order"], t["buy_order"], t["energy_wh"], t["price_buy"])
                    for t in sorted(made.get(key, []), key=lambda t: t["number"])]
        if recorded and recorded != trades:
            sys.exit(f"{name}: slot {key}: recorded {recorded}, replayed {trades}")
        if recorded:
            trading.add((name, key[0]))
            n_trades += len(recorded)
print(len(trading), n_trades, n_amended)
