"""What is said of some homes of a result, computed anew from its /users.

some_homes.py grid RESULT CSV CONDITIONS            of `compare --where CONDITIONS --csv`
some_homes.py against RESULT CSV CONDITIONS KEY=VALUE   of that with `--against KEY=VALUE`
some_homes.py FIGURE RESULT DAT CONDITIONS          of `figures --where CONDITIONS --only FIGURE`

CONDITIONS: kind=, strategy= and varied keys, between commas. Cells have six replications.
"""
import csv
import math
import sys

import h5py
import numpy as np

from paired_tests import holm, p_of

T5 = 2.5705818356363146  # Student's 97.5 % quantile, 5 degrees of freedom
SHARES = {"self_consumption": "generation_wh", "self_sufficiency": "load_wh"}


class Result:
    def __init__(self, path, conditions):
        with h5py.File(path) as f:
            self.users = {c: f["users"][c][:] for c in f["users"] if f["users"][c].ndim == 1}
            self.summary = {c: f["summary"][c][:] for c in f["summary"] if f["summary"][c].ndim == 1}
            words = f["users/strategy"].attrs["flag_meanings"]
            self.meters = {c: f["meters"][c][:] for c in f["meters"]} if "meters" in f else None
        words = (words.decode() if isinstance(words, bytes) else str(words)).split()
        self.kinds = np.array([k.decode() for k in self.users["kind"]])
        self.strategies = np.array([words[s] for s in self.users["strategy"]])
        self.keys = [c for c in self.summary if "." in c]
        asked = {}
        for condition in conditions.split(","):
            key, value = condition.split("=")
            asked.setdefault(key, []).append(value)
        self.asked = asked
        self.of_strategy = np.isin(self.strategies, asked.get("strategy", self.strategies))
        self.chosen = np.ones(len(self.kinds), bool)
        for name, column in (("kind", self.kinds), ("strategy", self.strategies)):
            if name in asked:
                self.chosen &= np.isin(column, asked[name])

    def cells(self):
        """{values of the keys: trials by replication}, of those that the conditions show"""
        found = {}
        for i in np.argsort(self.summary["replication"], kind="stable"):
            values = tuple(float(self.summary[k][i]) for k in self.keys)
            shown = all(v in map(float, self.asked.get(k, [v])) for k, v in zip(self.keys, values))
            if shown:
                found.setdefault(values, []).append(int(self.summary["trial"][i]))
        return found

    def homes(self, trial):
        return np.flatnonzero(self.chosen & (self.users["trial"] == trial))

    def sum(self, name, of):
        u = self.users
        if name == "n_homes":
            return float(len(of))
        if name == "saving":
            return (u["cost_grid_only"][of] - u["cost"][of]).sum() / 1e9
        column = u[name][of].sum()
        return column / 1e9 if "cost" in name or "revenue" in name else float(column)

    def pair(self, name, trial):
        """What stands above and below the line in a trial; nan where it has no such home."""
        of = self.homes(trial)
        if len(of) == 0:
            return math.nan, math.nan
        if "/" in name:
            return tuple(self.sum(n, of) for n in name.split("/"))
        if name == "self_consumption":
            gross = self.sum("generation_wh", of)
            return max(gross - self.sum("export_wh", of), 0), gross
        if name == "self_sufficiency":
            return self.sum("load_wh", of) - self.sum("import_wh", of), self.sum("load_wh", of)
        if name == "full_cycles":
            room = self.sum("battery_kwh", of)
            through = self.sum("charge_wh", of) + self.sum("discharge_wh", of)
            return (through / 2e3 / room if room > 0 else math.nan), None
        return self.sum(name, of), None

    def sample(self, name, trials):
        x, y = zip(*(self.pair(name, t) for t in trials))
        x = np.array(x, float)
        return x, (np.array(y, float) if "/" in name or name in SHARES else None)


def mean_interval(x):
    half = T5 * np.std(x, ddof=1) / math.sqrt(6)
    return x.mean(), x.mean() - half, x.mean() + half


def ratio_interval(x, y):
    """Fieller's, over the size of the sum below; None where that is not clear of 0."""
    y = y * np.sign(y.sum())
    c = np.cov(x, y) * T5**2 / 6
    if y.sum() == 0 or not c[1, 1] <= 0.1 * np.mean(y) ** 2:
        return None
    a, b, d = y.mean() ** 2 - c[1, 1], x.mean() * y.mean() - c[0, 1], x.mean() ** 2 - c[0, 0]
    root = math.sqrt(max(b * b - a * d, 0))
    return x.mean() / y.mean(), (b - root) / a, (b + root) / a


def interval(x, y):
    if np.isnan(x).any():
        return None
    return mean_interval(x) if y is None else ratio_interval(x, y)


def linear(x, y):
    """The estimate, and its part by replication."""
    if y is None:
        return x.mean(), x
    y = y * np.sign(y.sum())
    ratio = x.sum() / y.sum()
    return ratio, (x - ratio * y) / y.mean()


def near(got, expected, what):
    if isinstance(expected, (tuple, list)):
        assert len(got) == len(expected), (what, got, expected)
        for g, e in zip(got, expected):
            near(g, e, what)
    else:
        assert abs(float(got) - expected) <= 1e-8 * max(1.0, abs(expected)), (what, got, expected)


def check_row(row, prefix, expected, what):
    """Three fields against an estimate with its ends; a number that is the same in every trial has none."""
    if expected is None or math.isnan(expected[0]):
        assert row[prefix] == "", (what, row)
        return 0
    near(row[prefix], expected[0], what)
    if expected[2] - expected[1] <= 1e-12 * max(1.0, abs(expected[0])):
        assert row[prefix + "_lower"] == "", (what, row)
    else:
        near((row[prefix + "_lower"], row[prefix + "_upper"]), expected[1:], what)
    return 1


def rows_of(path, asked):
    rows = list(csv.DictReader(open(path)))
    assert rows and all(r["homes"] == asked for r in rows), rows[:1]
    return rows


def asked_of_homes(conditions):
    return ",".join(c for c in conditions.split(",") if c.startswith(("kind=", "strategy=")))


def quantiles(of):
    return [np.quantile(of, q) for q in (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)]


def grid(result, table, conditions):
    of = Result(result, conditions)
    rows, n, names = rows_of(table, asked_of_homes(conditions)), 0, set()
    users = of.users
    for values, trials in of.cells().items():
        own = [r for r in rows if all(float(r[k]) == v for k, v in zip(of.keys, values))]
        assert len(trials) == 6 and own
        for row in (r for r in own if r["who"] == "homes"):
            x, y = of.sample(row["what"], trials)
            n += check_row(row, "market", interval(x, y), row["what"])
            names.add(row["what"])
            if row["what"] == "cost":
                only, _ = of.sample("cost_grid_only", trials)
                n += check_row(row, "grid_only", interval(only, None), "grid-only bill")
                n += check_row(row, "difference", interval(x - only, None), "difference of bills")
                change = ratio_interval(x - only, only)
                check_row(row, "change_pct", change and tuple(100 * v for v in change), "change of bills")
        gains = [(users["cost_grid_only"][h] - users["cost"][h]) / 1e9 for h in map(of.homes, trials)]
        as_many = len({len(g) for g in gains}) == 1 and len(gains[0]) > 0
        drawn = [r for r in own if r["what"].startswith("gain_q")]
        assert len(drawn) == (7 if as_many else 0), drawn
        for q, row in enumerate(drawn):
            n += check_row(row, "market", mean_interval(np.array([quantiles(g)[q] for g in gains])), "quantile")
        groups = {r["who"] for r in own if r["who"].startswith("homes of ")}
        there = {k for t in trials for k in of.kinds[of.homes(t)]}
        beside = {k for t in trials for k in of.kinds[of.of_strategy & (users["trial"] == t)]}
        assert groups == {"homes of " + k for k in there if len(beside) > 1}, (groups, there)
    assert {"n_homes", "saving", "saving/n_homes", "self_consumption", "bought_wh"} <= names, names
    print(f"{n} numbers")


def reference_of(of, values, key, value):
    return tuple(float(value) if k == key else v for k, v in zip(of.keys, values))


def against(result, table, conditions, reference):
    of = Result(result, conditions)
    key, value = reference.split("=")
    rows, cells, n = rows_of(table, asked_of_homes(conditions)), of.cells(), 0
    for name in dict.fromkeys(r["quantity"] for r in rows if r["row"] == "homes"):
        family, raw = [r for r in rows if r["quantity"] == name and r["row"] == "homes"], []
        for row in family:
            values = tuple(float(row[k]) for k in of.keys)
            one, e = linear(*of.sample(name, cells[values]))
            other, e0 = linear(*of.sample(name, cells[reference_of(of, values, key, value)]))
            if row["state"] != "estimated":
                constant = np.ptp(e - e0) < 1e-9 and row["state"] in ("deterministic", "equal")
                assert row["state"] == "near zero" or math.isnan(one - other) or constant, row
                continue
            half = T5 * np.std(e - e0, ddof=1) / math.sqrt(6)
            near((row["cell"], row["reference"], row["difference"]), (one, other, one - other), name)
            near((row["lower"], row["upper"]), (one - other - half, one - other + half), name)
            raw.append((row, p_of((one - other) / (half / T5))))
            n += 1
        for (row, p), adjusted in zip(raw, holm([p for _, p in raw])):
            near((row["p"], row["holm_p"]), (p, adjusted), name)
            assert int(row["family"]) == len(raw)
    for row in (r for r in rows if r["row"] == "users"):
        values = tuple(float(row[k]) for k in of.keys)
        base = cells[reference_of(of, values, key, value)]
        more = [(of.users["cost"][of.homes(a)] - of.users["cost"][of.homes(b)]) / 1e9
                for a, b in zip(cells[values], base)]
        worse = row["quantity"] == "users_worse"
        q = 0 if worse else ["00", "05", "25", "50", "75", "95", "100"].index(row["quantity"][11:])
        found = np.array([(m > 0).mean() if worse else quantiles(m)[q] for m in more])
        near(row["difference"], found.mean(), row["quantity"])
        n += 1
    print(f"{n} rows")


# ---- figures


def drawn(path):
    """The lines of a data file: the word that stands in one, or none, and its numbers."""
    found = []
    for line in open(path):
        if line[0] == "#" or not line.strip():
            continue
        front, name, behind = line.split('"') if '"' in line else (line, "", "")
        found.append((name, [float(w) for w in (front + " " + behind).split()]))
    return found


def only_cell(of):
    (trials,) = of.cells().values()
    return trials


def check_gains(of, dat):
    trials = only_cell(of)
    gains = np.array([np.sort((of.users["cost_grid_only"][h] - of.users["cost"][h]) / 1e9)
                      for h in map(of.homes, trials)])
    got = [numbers[1:] for _, numbers in drawn(dat)]
    near(got, [mean_interval(gains[:, k]) for k in range(gains.shape[1])], "gains")


def check_lorenz(of, dat):
    trials = only_cell(of)
    gains = np.array([np.cumsum(np.sort((of.users["cost_grid_only"][h] - of.users["cost"][h]) / 1e9))
                      for h in map(of.homes, trials)])
    got = [numbers[:2] for _, numbers in drawn(dat)]
    n = gains.shape[1]
    near(got, [[0, 0]] + [[100 * (k + 1) / n, 100 * gains[:, k].sum() / gains[:, -1].sum()] for k in range(n)],
         "lorenz")


def check_kinds(of, dat):
    trials, got = only_cell(of), drawn(dat)
    names = sorted(set(of.kinds[of.chosen]))
    assert [name for name, _ in got] == names, got
    for (name, numbers), kind in zip(got, names):
        of.chosen = of.kinds == kind
        x, y = of.sample("saving/n_homes", trials)
        kwh, _ = of.sample("import_wh/n_homes", trials)
        out, _ = of.sample("export_wh/n_homes", trials)
        near(numbers[:4], [((kwh + out) / y).mean() / 1e3, *mean_interval(x / y)], kind)


def check_curves(of, dat):
    """saving/n_homes along the first key, of a result in one cell of the other."""
    got = [numbers[:4] for name, numbers in drawn(dat) if len(numbers) == 7 and not math.isnan(numbers[0])]
    at = next(k for k in range(len(of.keys)) if of.keys[k] not in of.asked)
    expected = [[v[at], *interval(*of.sample("saving/n_homes", t))] for v, t in sorted(of.cells().items())]
    near(got, expected, "curves")


def check_map(of, dat):
    xs, ys = (sorted({v[k] for v in of.cells()}) for k in range(2))
    got = {tuple(numbers[:2]): numbers[2:5] for _, numbers in drawn(dat)}
    assert len(got) == len(of.cells())
    for values, trials in of.cells().items():
        places = {(xs.index(values[0]), ys.index(values[1])), (ys.index(values[1]), xs.index(values[0]))}
        expected = interval(*of.sample("saving/n_homes", trials))
        assert any(p in got and abs(got[p][0] - expected[0]) < 1e-9 and abs(got[p][2] - expected[2]) < 1e-9
                   for p in places), (values, got, expected)


def check_main(of, dat):
    effects = [numbers[1:4] for _, numbers in drawn(dat) if not math.isnan(numbers[1])]
    expected = []
    cells = of.cells()
    for k in range(len(of.keys)):
        levels = sorted({v[k] for v in cells})
        for level in levels[1:]:
            e, estimate = np.zeros(6), 0.0
            for values, trials in cells.items():
                weight = (values[k] == level) - (values[k] == levels[0])
                share = weight * len(levels) / len(cells)
                one, part = linear(*of.sample("saving/n_homes", trials))
                e, estimate = e + share * part, estimate + share * one
            half = T5 * np.std(e, ddof=1) / math.sqrt(6)
            expected.append([estimate, estimate - half, estimate + half])
    near(effects, expected, "main effects")


def check_measured(of, dat):
    """The last but one block: standard deviation over mean of the loads of each home, ascending."""
    meters = of.users["meter"][of.homes(0)]
    load = of.meters["load_wh"][of.meters["trial"] == 0].reshape(-1, (of.users["trial"] == 0).sum())[:, meters]
    hours = load.reshape(-1, 2, load.shape[1]).sum(axis=1)  # slots of 30 min beside hours
    expected = sorted(hours.std(axis=0) / hours.mean(axis=0))
    text = "".join(line for line in open(dat) if line[0] != "#")
    block = [b for b in text.split("\n\n\n") if b.strip()][-2]
    got = [float(line.split()[1]) for line in block.strip().splitlines()]
    near(got, expected, "variation")


def of_slots(of):
    """Of each slot (30 min) what the meters of the homes show, added up: a list of dicts of Wh."""
    meters, rows = of.users["meter"][of.homes(0)], {}
    m = of.meters
    for i in np.flatnonzero((m["trial"] == 0) & np.isin(m["meter"], meters)):
        row = rows.setdefault(int(m["interval"][i]), dict.fromkeys(("drawn", "fed", "bought", "sold"), 0))
        net, trade = int(m["metered_wh"][i]), int(m["traded_wh"][i])
        row["bought"] += max(min(net, trade), 0)
        row["sold"] += max(min(-net, -trade), 0)
        row["drawn"] += max(net, 0) - max(min(net, trade), 0)
        row["fed"] += max(-net, 0) - max(min(-net, -trade), 0)
        for name in ("load", "solar", "wind", "charge", "discharge", "stored", "baseline_stored"):
            row[name] = row.get(name, 0) + int(m[name + "_wh"][i])
    return [rows[k] for k in sorted(rows)]


def check_balance(of, dat):
    got, expected = [numbers[1:] for _, numbers in drawn(dat)], []
    for r in of_slots(of):
        use = r["load"] + r["charge"]
        own = use - r["bought"] - r["drawn"]  # a home's own generation and storage gave the rest
        assert own == r["solar"] + r["wind"] + r["discharge"] - r["fed"] - r["sold"]
        powers = (r["solar"] + r["wind"], use, own, r["bought"], r["drawn"], r["fed"], r["sold"])
        expected += 2 * [[wh / 500 for wh in powers]]
    near(got, expected, "balance")
    assert sum(e[3] + e[6] for e in expected) > 0, "nobody of them traded"


def check_duration(of, dat):
    got, rows = [numbers[1:] for _, numbers in drawn(dat)][::2], of_slots(of)
    curves = [[r["load"] for r in rows], [r["solar"] + r["wind"] for r in rows],
              [r["drawn"] + r["bought"] - r["fed"] - r["sold"] for r in rows]]
    expected = zip(*([wh / 500 for wh in sorted(c, reverse=True)] for c in curves))
    near(got, list(expected), "duration")


def check_storage(of, dat):
    got = [numbers[1:] for _, numbers in drawn(dat)][::2]
    near(got, [[r["stored"] / 1e3, r["baseline_stored"] / 1e3, r["charge"] / 500, r["discharge"] / 500]
               for r in of_slots(of)], "storage")


def check_causes(of, dat):
    """A bar a cell. Trades by what /users says of them: the bill at the tariff less the price."""
    got = [numbers for _, numbers in drawn(dat)]
    cells = of.cells()
    assert len(got) == len(cells), (got, cells)
    u, total = of.users, 0.0
    for numbers, (_, trials) in zip(got, sorted(cells.items())):
        homes = np.concatenate([of.homes(t) for t in trials])
        money = {c: u[c][homes].sum() / 1e9 / len(homes) for c in u if u[c].dtype == np.int64}
        trades = (money["bought_at_retail"] - money["bought_cost"] + money["sold_revenue"] - money["sold_at_feed_in"]
                  - money["gap_difference"])
        fees = sum(money[c] for c in ("fee_cost", "network_fee_cost", "levy_cost", "market_fee_cost"))
        parts = [trades, -money["imbalance_short_cost"], -money["imbalance_long_cost"], -money["schedule_cost"],
                 -fees, money["cost_grid_only"] - money["tariff_cost"]]
        saving = money["cost_grid_only"] - money["cost"]
        near(numbers[:7], parts + [saving], "causes")
        assert abs(sum(numbers[:6]) - saving) < 1e-9
        near(numbers[7:9], of_interval(of, trials), "interval")
        total += abs(parts[1]) + fees
    assert total > 0 or of.keys, "the bar of a run with fees has nothing but trades"


def of_interval(of, trials):
    if len(trials) == 1:
        return [of.sample("saving/n_homes", trials)[0][0] / len(of.homes(trials[0]))] * 2
    return interval(*of.sample("saving/n_homes", trials))[1:]


if sys.argv[1] in ("grid", "against"):
    globals()[sys.argv[1]](*sys.argv[2:])
else:
    globals()["check_" + sys.argv[1]](Result(sys.argv[2], sys.argv[4]), sys.argv[3])
