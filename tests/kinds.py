"""The rows of /kinds, computed anew.

kinds.py RESULT             of one trial at output.level meters: every column, from /meters, /trades and /users
kinds.py --equal A B        two results have the same rows of /kinds, trial by trial
kinds.py --damage FILE COLUMN    adds 1 to the first value of a column of /kinds
kinds.py --lines RESULT DAT KEY Y    points and holes of the lines by kind of a sweep in KEY alone, of four replications: Y is a
                            column of /kinds, a ratio among them, or A/B; --change: differences from the first value of KEY
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


T3 = 3.182446305284263  # Student's t of 0.975, 3 degrees of freedom: 3.1824 in any table


def drawn(path):
    """The blocks of a data file but the names: of each its runs of points, which blank lines set apart."""
    text = "".join(line for line in open(path) if line[0] != "#" and '"' not in line)
    points = lambda run: [list(map(float, line.split())) for line in run.splitlines()]
    return [[points(run) for run in block.strip().split("\n\n")] for block in text.split("\n\n\n") if block.strip()]


def mean_interval(x):
    half = T3 * np.std(x, ddof=1) / 2
    return np.mean(x), np.mean(x) - half, np.mean(x) + half


def ratio_interval(x, y):
    """Fieller: the roots of (mean x - r mean y)^2 = t^2 var(x - r y) / n. None where y is not clear of 0.

    Over the size of the sum of y: what is saved of a bill is so much of it for who earns, too."""
    y = y * np.sign(y.sum())
    c = np.cov(x, y) * T3**2 / 4
    if c[1, 1] > 0.1 * np.mean(y) ** 2:
        return None
    a, b, d = np.mean(y) ** 2 - c[1, 1], np.mean(x) * np.mean(y) - c[0, 1], np.mean(x) ** 2 - c[0, 0]
    root = math.sqrt(max(b * b - a * d, 0))
    return np.mean(x) / np.mean(y), (b - root) / a, (b + root) / a


def change_interval(x, y, x0, y0):
    """The linear parts of two ratios, subtracted draw by draw."""
    r, r0 = x.sum() / y.sum(), x0.sum() / y0.sum()
    linear = (x - r * y) / y.mean() - (x0 - r0 * y0) / y0.mean()
    half = T3 * np.std(linear, ddof=1) / 2
    return r - r0, r - r0 - half, r - r0 + half


DENOMINATORS = {"self_consumption": "generation_wh", "self_sufficiency": "load_wh"}
SCALES = {"sold_wh": 1e-3, "cost/load_wh": 1e3, "saving/cost_grid_only": 100, "self_sufficiency": 100}


def value_of(table, of, y):
    """x, and y or None, of the chosen rows."""
    money = lambda c: table[c][of] * (1e-9 if table[c].dtype.kind == "i" and ("cost" in c or c == "saving") else 1.0)
    if "/" in y:
        return tuple(money(c) for c in y.split("/"))
    if y in DENOMINATORS:
        below = money(DENOMINATORS[y])
        return money(y) * below, below
    return money(y), None


def lines(path, dat, key, y, is_change):
    kinds, = rows(path, "kinds")
    with h5py.File(path) as f:
        at = f["summary"][key][:]
        trial, replication = f["summary/trial"][:], f["summary/replication"][:]
    values, where = sorted(set(map(float, at))), dict(zip(trial, map(float, at)))
    draw = dict(zip(trial, replication))
    of_kind, x_of_row = np.array(texts(kinds["kind"])), np.array([where[t] for t in kinds["trial"]])
    names, blocks, n, n_holes = sorted(set(of_kind)), drawn(dat), 0, 0
    for name, runs in zip(names, blocks):
        expected, is_open, first = [], False, None
        for x in values:
            of = np.flatnonzero((of_kind == name) & (x_of_row == x))
            of = of[np.argsort([draw[t] for t in kinds["trial"][of]])]
            above, below = value_of(kinds, of, y)
            first = first or (above, below)
            point = (None if len(of) == 0 else change_interval(above, below, *first) if is_change else
                     mean_interval(above) if below is None else ratio_interval(above, below))
            if point is None:
                is_open, n_holes = False, n_holes + 1
                continue
            if not is_open:
                expected.append([])
            expected[-1].append([x] + [SCALES.get(y, 1) * v for v in point] + [0, 4])
            is_open, n = True, n + 1
        runs = [run for run in runs if not math.isnan(run[0][0])]
        if [len(r) for r in runs] != [len(r) for r in expected]:
            sys.exit(f"the line of {name} is {runs}, expected {expected}")
        for got, wanted in zip(sum(runs, []), [point + [len(run) == 1] for run in expected for point in run]):
            for u, v in zip(got, wanted):
                if abs(u - v) > 1e-7 * max(1, abs(v)):
                    sys.exit(f"{y} of {name}: {got}, expected {wanted}")
    print(f"{len(names)} lines, {n} points, {n_holes} holes")


def main():
    if sys.argv[1] == "--lines":
        lines(*sys.argv[2:6], "--change" in sys.argv)
    elif sys.argv[1] == "--equal":
        equal(*sys.argv[2:])
    elif sys.argv[1] == "--damage":
        damage(*sys.argv[2:])
    else:
        check(sys.argv[1])


main()
