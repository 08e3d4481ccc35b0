"""The rows of /kinds, computed anew.

kinds.py RESULT             of one trial at output.level meters: every column, from /meters, /trades and /users
kinds.py --equal A B        two results have the same rows of /kinds, trial by trial
kinds.py --damage FILE COLUMN    adds 1 to the first value of a column of /kinds
"""
import math
import sys

import h5py
import numpy as np


def rows(path, *tables):
    with h5py.File(path) as f:
        return [{c: f[t][c][:] for c in f[t] if f[t][c].ndim == 1} for t in tables]


def texts(column):
    return [t.decode() if isinstance(t, bytes) else str(t) for t in column]


def same(name, kind, got, expected):
    got, expected = float(got), float(expected)
    if not (math.isnan(got) and math.isnan(expected)) and abs(got - expected) > 1e-9 * max(1, abs(expected)):
        sys.exit(f"/kinds/{name} of {kind}: {got}, expected {expected}")


def check(path):
    kinds, users, meters, trades, summary = rows(path, "kinds", "users", "meters", "trades", "summary")
    names = texts(kinds["kind"])
    of = np.array(texts(users["kind"]))
    if names != sorted(set(of)):
        sys.exit(f"/kinds/kind: {names}, /users has {sorted(set(of))}")
    n = len(of)
    claimed = {"kind", "trial", "row", "n_homes"}
    for k, name in enumerate(names):
        homes = np.flatnonzero(of == name)
        same("n_homes", name, kinds["n_homes"][k], len(homes))
        cells = {c: v.reshape(-1, n)[:, homes] for c, v in meters.items() if len(v) % n == 0 and c != "row"}
        metered = cells["metered_wh"]
        expected = {
            "generation_wh": cells["solar_wh"].sum() + cells["wind_wh"].sum(),
            "import_wh": metered.clip(0).sum(),
            "export_wh": -metered.clip(max=0).sum(),
            "bought_wh": trades["executed_wh"][np.isin(trades["buyer"], homes)].sum(),
            "sold_wh": trades["executed_wh"][np.isin(trades["seller"], homes)].sum(),
        }
        for c in ("curtailed_wh", "load_wh", "ev_wh", "ev_unserved_wh", "heat_pump_wh", "heat_wh", "heat_unserved_wh", "charge_wh", "discharge_wh"):
            expected[c] = cells[c].sum()
        for c in ("pv_kw", "turbine_kw", "battery_kwh", "ev_kw", "heat_pump_kw", "yearly_kwh", "storage_wear_cost", "bought_cost",
                  "sold_revenue", "imbalance_short_wh", "imbalance_long_wh", "tariff_cost", "imbalance_short_cost",
                  "imbalance_long_cost", "schedule_cost", "fee_cost", "network_fee_cost", "levy_cost",
                  "market_fee_cost", "cost", "cost_grid_only"):
            expected[c] = users[c][homes].sum()
        expected["saving"] = expected["cost_grid_only"] - expected["cost"]
        own = max(expected["generation_wh"] - expected["export_wh"], 0)
        made, used = expected["generation_wh"], expected["load_wh"]
        expected["self_consumption"] = own / made if made else math.nan
        expected["self_sufficiency"] = 1 - expected["import_wh"] / used if used else math.nan
        kwh = expected["battery_kwh"]
        through = expected["charge_wh"] + expected["discharge_wh"]
        expected["full_cycles"] = through / (2000 * kwh) if kwh else math.nan
        for column, value in expected.items():
            same(column, name, kinds[column][k], value)
        claimed |= set(expected)
    if claimed != set(kinds) | {"row"}:
        sys.exit(f"columns that nobody claims: {sorted(claimed ^ set(kinds))}")
    for c in ("load_wh", "generation_wh", "charge_wh", "cost", "cost_grid_only", "saving", "storage_wear_cost"):
        same(c, "all", kinds[c].sum(), summary[c][0])
    print(f"{len(names)} kinds, {len(claimed)} columns")


def equal(a, b):
    x, y = rows(a, "kinds")[0], rows(b, "kinds")[0]
    for column in set(x) | set(y):
        if column == "row":
            continue
        u, v = x[column], y[column]
        alike = texts(u) == texts(v) if u.dtype == object else np.array_equal(u, v, equal_nan=u.dtype.kind == "f")
        if not alike:
            sys.exit(f"/kinds/{column} differs")
    print(len(x["trial"]), "rows")


def damage(path, column):
    with h5py.File(path, "r+") as f:
        f["kinds"][column][0] += 1


def main():
    if sys.argv[1] == "--equal":
        equal(*sys.argv[2:])
    elif sys.argv[1] == "--damage":
        damage(*sys.argv[2:])
    else:
        check(sys.argv[1])


main()
