"""argv: ticks, bound, pairs of results whose bands differ by so many ticks. Every quote, reserve and
trade price of the second must lie so much above the first, give or take the bound, and nothing else
may differ."""
import sys

import h5py
import numpy as np

PRICES = {"orders": ("price", "reserve"), "trades": ("price_buy", "price_sell")}
SAME = {"orders": ("trial", "interval", "number", "meter", "side", "quantity_wh", "matched_wh", "status"),
        "trades": ("trial", "interval", "number", "seller", "buyer", "energy_wh", "executed_wh"),
        "summary": ("trial", "saving", "saving_ceiling", "traded_wh", "operator_balance",
                    "imbalance_short_cost", "imbalance_long_cost", "surplus_limit")}


def column(file, table, name):
    return file[table][name][()].astype(np.float64 if name == "surplus_limit" else np.int64)


def compare(low, high, ticks, bound):
    """returns orders and trades"""
    for table, names in SAME.items():
        for name in names:
            if bound > 0 and name in ("operator_balance", "surplus_limit"):
                continue    # prices that both move by a tick may differ by another sum
            a, b = column(low, table, name), column(high, table, name)
            if a.shape != b.shape or not np.allclose(a, b, rtol=1e-12, atol=0):
                sys.exit(f"{high.filename}: /{table}/{name} differs")
    for table, names in PRICES.items():
        for name in names:
            off = column(high, table, name) - column(low, table, name) - ticks
            if np.any(np.abs(off) > bound):
                sys.exit(f"{high.filename}: /{table}/{name}: {off[np.abs(off) > bound]} ticks off")
    return len(low["orders"]["trial"]), len(low["trades"]["trial"])


counts = np.zeros(2, dtype=int)
for first, second in zip(sys.argv[3::2], sys.argv[4::2]):
    with h5py.File(first) as low, h5py.File(second) as high:
        counts += compare(low, high, int(sys.argv[1]), int(sys.argv[2]))
print(*counts)
