"""The trades of a continuous auction computed anew from /orders alone: argv are results. Shares
nothing with the program. Rules: price first, then place in the ledger; an order that is amended
keeps its place where its price stays and its total does not grow; a bid for any source sees all
books, cheapest first, at one price solar before wind, storage and grid; prices half to even."""
import sys

import h5py
import numpy as np

BUY, SELL = 0, 1
ADD, AMEND, CANCEL = 0, 1, 2
LIMIT = 0
OK = 0


class Order:
    def __init__(self, row, place):
        self.number, self.meter, self.side = row["number"], row["meter"], row["side"]
        self.source, self.price, self.total = row["source"], row["price"], row["quantity_wh"]
        self.minimum, self.type = row["minimum_wh"], row["type"]
        self.filled, self.place, self.rests = 0, place, False

    def left(self):
        return self.total - self.filled


def midpoint(a, b):
    floor, odd = divmod(a + b, 2)
    return floor + (floor & 1 if odd else 0)


class Auction:
    def __init__(self, is_pooled, at_midpoint):
        self.is_pooled, self.at_midpoint = is_pooled, at_midpoint
        self.orders, self.trades = {}, []

    def meets(self, bid, ask):
        return self.is_pooled or bid.source in (0, ask.source)

    def partners(self, order):
        """Resting orders that it crosses, best first."""
        others = [o for o in self.orders.values() if o.rests and o.side != order.side]
        if order.side == BUY:
            others = [o for o in others if self.meets(order, o) and o.price <= order.price]
            by_source = not self.is_pooled
            return sorted(others, key=lambda o: (o.price, o.source if by_source else 0, o.place))
        others = [o for o in others if self.meets(o, order) and o.price >= order.price]
        return sorted(others, key=lambda o: (-o.price, o.place))

    def arrive(self, order):
        partners = self.partners(order)
        if sum(o.left() for o in partners) < order.minimum:
            return
        for other in partners:
            if order.left() == 0:
                break
            bid, ask = (order, other) if order.side == BUY else (other, order)
            energy = min(order.left(), other.left())
            price = midpoint(bid.price, ask.price) if self.at_midpoint else other.price
            order.filled += energy
            other.filled += energy
            other.rests = other.left() > 0
            self.trades.append((ask.meter, bid.meter, ask.number, bid.number, energy, price))
        order.rests = order.type == LIMIT and order.left() > 0

    def take(self, row, place):
        if row["action"] == ADD:
            order = self.orders[row["number"]] = Order(row, place)
            self.arrive(order)
            return
        order = self.orders[row["target"]]
        if row["action"] == CANCEL or row["quantity_wh"] <= order.filled:
            order.total, order.rests = order.filled, False
            return
        stays = row["price"] == order.price and row["quantity_wh"] <= order.total
        order.price, order.total = row["price"], row["quantity_wh"]
        if not stays:
            order.place, order.rests = place, False
            self.arrive(order)


def rows_of(group, names):
    columns = {name: group[name][()].astype(np.int64) for name in names}
    return [dict(zip(names, map(int, values))) for values in zip(*columns.values())]


ORDER_COLUMNS = ("trial", "interval", "number", "meter", "side", "type", "source", "status",
                 "action", "target", "quantity_wh", "minimum_wh", "price", "height", "transaction",
                 "message")
TRADE_COLUMNS = ("trial", "interval", "number", "seller", "buyer", "sell_order", "buy_order",
                 "energy_wh", "price_buy")


def by_slot(rows):
    slots = {}
    for row in rows:
        slots.setdefault((row["trial"], row["interval"]), []).append(row)
    return slots


def words(summary, key, n, default):
    return list(summary[key].asstr()[()]) if key in summary else [default] * n


def replay(file):
    """returns trials with a trade, trades, and amendments that were applied"""
    summary = file["summary"]
    trials = [int(t) for t in summary["trial"][()]]
    books = dict(zip(trials, words(summary, "market.books", len(trials), "by_source")))
    prices = dict(zip(trials, words(summary, "market.trade_price", len(trials), "midpoint")))
    orders = by_slot(r for r in rows_of(file["orders"], ORDER_COLUMNS) if r["status"] == OK)
    trades = by_slot(rows_of(file["trades"], TRADE_COLUMNS))
    n_amended = 0
    for key in sorted(orders.keys() | trades.keys()):
        auction = Auction(books[key[0]] == "pooled", prices[key[0]] == "midpoint")
        rows = sorted(orders.get(key, []), key=lambda r: (r["height"], r["transaction"],
                                                          r["message"]))
        for place, row in enumerate(rows):
            auction.take(row, place)
            n_amended += row["action"] == AMEND
        recorded = [(t["seller"], t["buyer"], t["sell_order"], t["buy_order"], t["energy_wh"],
                     t["price_buy"]) for t in sorted(trades.get(key, []),
                                                     key=lambda t: t["number"])]
        if recorded != auction.trades:
            sys.exit(f"{file.filename}: trial {key[0]}, slot {key[1]}: recorded {recorded}, "
                     f"replayed {auction.trades}")
    return len({t for t, _ in trades}), sum(map(len, trades.values())), n_amended


def replay_all(names):
    counts = np.zeros(3, dtype=int)
    for name in names:
        with h5py.File(name) as result:
            counts += replay(result)
    print(*counts)


if __name__ == "__main__":
    replay_all(sys.argv[1:])
