"""Figures and comparisons computed anew from chain.h5 and books.h5, by definitions alone."""
import h5py
import numpy as np

import intervals
from intervals import check, columns_of, fieller, mean_and_half, rows_of


def near(a, b):
    return np.allclose(np.array(a, float), np.array(b, float), rtol=1e-6, atol=1e-9)


def blocks_of(path):
    """Blocks of numbers of a .dat file; rows of names are left out."""
    with open(path) as file:
        text = "".join(line for line in file if not line.startswith("#"))
    blocks = [[line for line in block.splitlines() if line and '"' not in line]
              for block in text.split("\n\n\n")]
    return [np.array([[float(v) for v in line.split()] for line in block]) for block in blocks if block]


with h5py.File("chain.h5") as file:
    trials = columns_of(file["summary"])
with h5py.File("books.h5") as file:
    books, users, slots = (columns_of(file[name]) for name in ("summary", "users", "slots"))


def of_cell(name, flow, nodes):
    return trials[name][(trials["chain.flow"] == flow) & (trials["chain.nodes"] == nodes)].astype(float)


def curve(interval, flow):
    return [[nodes, *interval(flow, nodes)] for nodes in (4, 7)]


def of_mean(name):
    def interval(flow, nodes):
        mean, half = mean_and_half(of_cell(name, flow, nodes))
        return mean, mean - half, mean + half
    return interval


def of_ratio(above, below, scale=1.0):
    return lambda flow, nodes: fieller(scale * of_cell(above, flow, nodes), of_cell(below, flow, nodes))


def rate(flow, nodes):
    seconds = of_cell("n_slots", flow, nodes) * of_cell("slot_ns", flow, nodes) * 1e-9
    return fieller(of_cell("n_transactions", flow, nodes), seconds)


def is_drawn(name, panels):
    """A block a curve, flow by flow in each panel: x, estimate and both ends."""
    blocks = blocks_of(f"figures/{name}.dat")
    expected = [curve(panel, flow) for panel in panels for flow in ("classic", "fisco3")]
    return len(blocks) == len(expected) and all(
        near(block[:, :4], rows) and (block[:, 4] == 0).all() and (block[:, 5] == 4).all()
        for block, rows in zip(blocks, expected))


check(trials["n_late"].sum() > 0 and trials["n_missed_slots"].sum() > 0, "orders are late and slots missed")
check(is_drawn("late", [of_ratio("n_late", "n_orders", 100), of_ratio("n_missed_slots", "n_slots", 100)]),
      "the figure late has the shares of orders and slots of the file, with Fieller's intervals")
check(is_drawn("chain", [of_mean("latency_p50_ms"), rate, of_ratio("n_messages", "n_blocks")]),
      "the figure chain has latency, transactions a second and messages a block of the file")

# ---- day by day: sums of a trial's slots, ratios over trials
chosen = books["trial"][books["market.books"] == "pooled"]
sums = np.zeros((3, 3, len(chosen)))  # value, traded, clearable; by day and trial
for t, trial in enumerate(chosen):
    for i in np.flatnonzero(slots["trial"] == trial):
        traded = slots["traded_wh"][i]
        value = slots["price_mean"][i] * traded if traded > 0 else 0
        sums[:, i % 24 // 8, t] += [value, traded, min(slots["supply_wh"][i], slots["demand_wh"][i])]
prices, shares = blocks_of("figures/convergence.dat")
check(near(prices, [[d + 1, *fieller(sums[0, d], sums[1, d])] for d in range(3)]),
      "the figure convergence has the price of each day's trades, weighted by energy")
check(near(shares, [[d + 1, *fieller(100 * sums[1, d], sums[2, d])] for d in range(3)]),
      "and what was traded of what could be")


# ---- the sides: differences of ratios of sums, by the delta method over all their sums
def sides(cell):
    """What sellers gain and with how many kWh, what buyers do and with how many."""
    rows = books["market.books"] == cell
    return np.array([(books["sellers_revenue"] - books["sellers_revenue_grid_only"])[rows],
                     1e-3 * books["baseline_surplus_wh"][rows],
                     (books["buyers_cost_grid_only"] - books["buyers_cost"])[rows],
                     1e-3 * books["baseline_deficit_wh"][rows]])


def by_delta(sums, weights):
    """Of ratios of each two of the sums, weighted: estimate and both ends."""
    means, gradient = sums.mean(axis=1), np.zeros(len(sums))
    above, below = means[::2], means[1::2]
    gradient[::2], gradient[1::2] = weights / below, -weights * above / below**2
    half = intervals.T[31] * np.sqrt(gradient @ np.cov(sums) @ gradient / 32)
    estimate = weights @ (above / below)
    return estimate, estimate - half, estimate + half


def is_row(row, names, values):
    return np.allclose([float(row[name]) for name in names], values, rtol=1e-5)


gap = "sellers_less_buyers_gain_per_kwh"
alone = {row["market.books"]: row for row in rows_of("cells.csv") if row["what"] == gap}
check(all(is_row(alone[cell], ("market", "market_lower", "market_upper"), by_delta(sides(cell), np.array([1, -1])))
          for cell in ("by_source", "pooled")),
      "the gap between the sides is that of their ratios of sums, with the interval of the delta method")
between = next(row for row in rows_of("users.csv") if row["quantity"] == gap)
four = np.concatenate([sides("by_source"), sides("pooled")])
check(is_row(between, ("difference", "lower", "upper"), by_delta(four, np.array([1, -1, -1, 1])))
      and is_row(between, ("cell", "reference"), [float(alone[cell]["market"]) for cell in ("by_source", "pooled")]),
      "and its difference between two cells is that of four ratios, over trials that share their draws")

# ---- users: quantiles within each replication, then t over replications
costs = np.array([[users["cost"][users["trial"] == trial] for trial in books["trial"][books["market.books"] == cell]]
                  for cell in ("by_source", "pooled")])
more = costs[0] - costs[1]
rows = {row["quantity"]: row for row in rows_of("users.csv") if row["row"] == "users"}
expected = {f"user_cost_q{100 * q:02.0f}": np.quantile(more, q, axis=1) for q in (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)}
expected["users_worse"] = (more > 1e-10).mean(axis=1)
check(set(rows) == set(expected) and all(
    np.allclose([float(rows[name][k]) for k in ("difference", "upper")],
                [mean_and_half(x)[0], sum(mean_and_half(x))], rtol=1e-5, atol=1e-9) for name, x in expected.items()),
      "quantiles over users are those of each replication, means and t intervals over them")


# ---- bootstrap: other resamples than the program's, so equal up to their own scatter
def ends_of_t(x, y, weights, estimate, n_resamples=20000):
    """Of a weighted sum of ratios x[j]/y[j] of sums, y 1 for a mean, studentised."""
    places = np.random.default_rng(7).integers(0, 32, (n_resamples, 32))

    def contrast(places):
        linear, value = 0.0, 0.0
        for j, weight in enumerate(weights):
            ratio = x[j][places].sum(axis=-1) / y[j][places].sum(axis=-1)
            value = value + weight * ratio
            linear = linear + weight * (x[j][places] - ratio[..., None] * y[j][places]) \
                / y[j][places].mean(axis=-1)[..., None]
        return value, linear.std(axis=-1, ddof=1) / np.sqrt(32)

    value, scatter = contrast(places)
    own, own_error = contrast(np.arange(32)[None, :])
    assert abs(own[0] - estimate) < 1e-6 * abs(estimate)
    t = (value - own[0]) / scatter
    return own[0] - np.quantile(t, 0.975) * own_error[0], own[0] - np.quantile(t, 0.025) * own_error[0]


def is_resampled(row, x, y, weights=(1, -1)):
    low, high = ends_of_t(x, y, weights, float(row["difference"]))
    return abs(float(row["lower"]) - low) < 0.05 * (high - low) and abs(float(row["upper"]) - high) < 0.05 * (high - low)


in_cell = [books["market.books"] == cell for cell in ("by_source", "pooled")]
traded = [books["traded_wh"][rows].astype(float) for rows in in_cell]
rows = {row["quantity"]: row for row in rows_of("bootstrap.csv")}
check(is_resampled(rows["cost"], [books["cost"][rows] for rows in in_cell], [np.ones(32)] * 2),
      "a bootstrap interval of a mean is that of other resamples")
check(is_resampled(rows["price_mean"], [books["price_mean"][rows] * n for rows, n in zip(in_cell, traded)], traded),
      "and so is that of a ratio of sums")
check(is_resampled(rows[gap], four[::2], four[1::2], (1, -1, -1, 1)), "and that of the gap between the sides")
intervals.plan()
