"""Computes every published figure of results anew and says which of them differ.

    kpi_oracle.py RESULT.h5 ...        results of single runs at output.level meters

From /orders, /trades, /blocks, /meters and the stored scenario to every column of /summary, /slots
and /users, by the definitions of doc/results.md and the rules of the market; shares nothing with the
program. A column that has no rule here and is not exempt fails the test."""
import sys
from fractions import Fraction
from math import floor, sqrt

import h5py
import numpy

# Counted by the network: nothing in the tables tells them. Whether a slot was missed, and why, is taken
# from the slot itself (bounds are checked), for it depends on when blocks became known to the operator;
# where an order was at the gate is taken from the order. How large a home and its modules are is drawn.
EXEMPT = {"summary": {"n_messages", "n_pool_refusals", "n_resent", "n_readings_again", "n_approvals_again",
                      "n_authority_again", "n_bundles_again", "n_wake_ups", "n_passed", "n_passed_unanswered",
                      "n_passed_no_anchor", "n_passed_no_step", "n_passed_fee", "n_passed_own_gate", "n_voided_consensus", "n_unfunded", "n_priced_out"},
          "slots": {"status", "missed_cause"}, "users": {"pv_kw", "yearly_kwh"}}
LATE = ("gate_closed", "late", "given_up")
PASSING = ("expired", "replay", "too_early")
NO_TIME = -2**63
LIMITED = ("community_curtailed_wh", "overload_import_wh", "overload_export_wh")  # no campaign has limits: tests/test_community.c


class Result:
    """The tables of one file as integers in the smallest unit, and its scenario as a dictionary."""

    def __init__(self, path):
        self.words = {}
        with h5py.File(path) as f:
            self.tables = {name: self.table(f[name]) for name in f if name != "provenance"}
            self.scenario, self.entries = read_scenario(f["provenance/scenario"].asstr()[()])

    def table(self, group):
        """By h5py's lower interface, which takes half the time over hundreds of short columns."""
        out = {}
        for key in group.id:
            name, data = key.decode(), h5py.h5d.open(group.id, key)
            if h5py.h5a.exists(data, b"CLASS") and group[name].attrs["NAME"].startswith(b"This is a netCDF"):
                continue
            if h5py.h5a.exists(data, b"flag_meanings"):
                self.words[group.name[1:] + "." + name] = group[name].attrs["flag_meanings"].split()
            column = numpy.empty(data.shape, data.dtype)
            data.read(h5py.h5s.ALL, h5py.h5s.ALL, column)
            out[name] = [word.decode() for word in column] if column.dtype.kind == "O" else column.tolist()
        return out

    def rows(self, name):
        table = self.tables[name]
        keys = list(table)
        return [dict(zip(keys, values)) for values in zip(*table.values())]


def read_scenario(text):
    """`section:` with indented `key: value` lines to {"section.key": "value"}; and the rows of orders."""
    scenario, entries, section, head = {}, [], "", None
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        key, colon, value = line.strip().partition(":")
        if indent > 2:                          # the table of orders, which is the only block of text
            cells = line.strip().split(",")
            if head is None:
                head = cells
            else:
                entries.append(dict(zip(head, cells)))
        elif indent == 0 and colon and not value:
            section = key + "."
        elif colon:
            scenario[(section if indent else "") + key] = value.strip()
    return scenario, entries


def ticks(text):
    return round(Fraction(text) * 10**6)


def nanoseconds(text):
    number, unit = text.split()
    return round(Fraction(number) * {"ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9,
                                     "d": 86400 * 10**9}[unit])


def ratio(a, b):
    return a / b if b else float("nan")


def plus(x):
    return max(x, 0)


def quantile(pairs, percent):
    """Smallest value with at least so much of the weight at or below it."""
    whole, below = sum(w for _, w in pairs), 0
    for value, weight in sorted(pairs):
        below += weight
        if below * 100 >= whole * percent and whole > 0:
            return value
    return float("nan")


def gini_of_any_sign(x):
    apart = sum(abs(a - b) for a in x for b in x)
    return ratio(apart, 2 * len(x) * sum(map(abs, x)))


class Oracle:
    def __init__(self, result):
        s = result.scenario
        self.result, self.s = result, s
        self.retail, self.feed_in = ticks(s["tariff.retail"]), ticks(s["tariff.feed_in"])
        short, long = s.get("imbalance.short", "retail"), s.get("imbalance.long", "feed_in")
        self.short = self.retail if short == "retail" else ticks(short)
        self.long = self.feed_in if long == "feed_in" else ticks(long)
        self.slot_ns = nanoseconds(s["slot"])
        self.n = int(s["meters.count"])
        self.n_slots = int(s["slots"]) or int(s["days"]) * 86400 * 10**9 // self.slot_ns
        self.slots = range(self.n_slots)
        self.missed = [status == 1 for status in result.tables["slots"]["status"]]
        self.orders, self.trades = result.rows("orders"), result.rows("trades")
        self.blocks, self.cells = result.rows("blocks"), result.rows("meters")
        self.sealed = {b["height"]: b["sealed"] for b in self.blocks}
        self.faults = []
        receipts = result.words["orders.status"]
        for order in self.orders:
            at = order["status"]
            order["receipt"] = receipts[at] if at < len(receipts) else "?"
            order["late"] = self.is_late(order)
            order["side"] = result.words["orders.side"][order["side"]]
        actions = result.words["orders.action"]
        self.amendments = [o for o in self.orders if actions[o["action"]] != "add"]
        self.sent, self.orders = self.orders, [o for o in self.orders if actions[o["action"]] == "add"]
        self.accepted = [o for o in self.orders if o["receipt"] == "ok"]
        states = result.words["trades.status"]
        for trade in self.trades:
            trade["state"] = states[trade["status"]]
        self.settled = [t for t in self.trades if t["state"] == "settled"]
        self.by_number = {(o["interval"], o["number"]): o for o in self.accepted}
        self.check_inputs()
        self.execute_trades()
        self.count_cells()
        self.slot_rows = [self.slot(k) for k in self.slots]
        self.user_rows = [self.user(i) for i in range(self.n)]

    def expect(self, what, got, expected):
        if got != expected:
            self.faults.append(f"{what}: {got}, expected {expected}")

    def tariff(self, wh):
        return plus(wh) * self.retail - plus(-wh) * self.feed_in

    # ---- what the tables that all else comes from must hold of themselves

    def check_inputs(self):
        filled = {}
        for t in self.trades:
            key = (t["interval"], t["sell_order"]), (t["interval"], t["buy_order"])
            ask, bid = (self.by_number.get(k, {}) for k in key)
            where = f"trade {t['interval']}/{t['number']}"
            self.expect(where + " seller", (ask.get("side"), ask.get("meter")), ("sell", t["seller"]))
            self.expect(where + " buyer", (bid.get("side"), bid.get("meter")), ("buy", t["buyer"]))
            self.expect(where + " settled_height", t["settled_height"] > 0, t["state"] == "settled")
            self.expect(where + " is decided", t["state"] in ("settled", "void"), True)
            if t["state"] == "settled":
                self.expect(where + " in a missed slot", self.missed[t["interval"]], False)
            for k in key:
                filled[k] = filled.get(k, 0) + t["energy_wh"]
        for o in self.orders:
            wh = filled.get((o["interval"], o["number"]), 0) if o["receipt"] == "ok" else 0
            self.expect(f"order of {o['meter']} in {o['interval']} matched_wh", o["matched_wh"], wh)
            self.expect(f"order of {o['meter']} in {o['interval']} fits", wh <= o["quantity_wh"], True)
        self.expect("/meters rows", [(c["interval"], c["meter"]) for c in self.cells],
                    [(k, i) for k in self.slots for i in range(self.n)])
        self.expect("missed slots of the ideal",
                    self.s["chain.protocol"] == "ideal" and any(self.missed), False)
        self.expect("/blocks heights", [b["height"] for b in self.blocks],
                    list(range(1, len(self.blocks) + 1)))

    def execute_trades(self):
        """What of a trade settles: all of it; or, as delivered, what both meters allot to it of what
        they show, in the order of the trades. What one leaves of a trade goes to no other trade."""
        fed = {(c["interval"], c["meter"]): plus(-c["metered_wh"]) for c in self.cells}
        drawn = {(c["interval"], c["meter"]): plus(c["metered_wh"]) for c in self.cells}
        for t in self.trades:
            allotted = []
            for left, key in ((fed, (t["interval"], t["seller"])), (drawn, (t["interval"], t["buyer"]))):
                allotted.append(min(t["energy_wh"], left[key]))
                left[key] -= allotted[-1]
            delivered = self.s["settlement.rule"] == "delivered"
            wh = (min(allotted) if delivered else t["energy_wh"]) if t["state"] == "settled" else 0
            self.expect(f"trade {t['interval']}/{t['number']} executed_wh", t["executed_wh"], wh)
            t["contracted_wh"], t["energy_wh"] = t["energy_wh"], wh

    # ---- cells: a meter in a slot

    def bill(self, cell, ordered):
        """Of a slot whose reading came in time: what the grid charges, what was missed of trades (short,
        long), what deviates from a schedule (short, long), and what the schedule makes dearer."""
        m, x = cell["metered_wh"], cell["x"]
        sold, bought, export, drawn = plus(-x), plus(x), plus(-m), plus(m)
        short, long = sold - min(sold, export), bought - min(bought, drawn)
        rest = plus(drawn - (bought - long)) - plus(export - (sold - short))
        units = self.tariff(rest) + self.imbalance(short - long)
        scheduled = self.s.get("settlement.unmatched") == "scheduled"
        if not scheduled or not ordered or self.missed[cell["interval"]]:
            return units, short, long, 0, 0, 0
        off = m - ordered - (short - long)
        planned = self.tariff(ordered - x) + self.imbalance(m - ordered)
        return planned, short, long, plus(off), plus(-off), planned - units

    def imbalance(self, wh):
        return plus(wh) * self.short - plus(-wh) * self.long

    def count_cells(self):
        ordered, cell = {}, {(c["interval"], c["meter"]): c for c in self.cells}
        for o in self.accepted:
            key = o["interval"], o["meter"]
            ordered[key] = ordered.get(key, 0) + (1 if o["side"] == "buy" else -1) * o["quantity_wh"]
        for c in self.cells:
            c["x"] = c["paid"] = c["earned"] = c["bought"] = c["sold"] = 0
        for t in self.settled:
            buyer, seller = cell[t["interval"], t["buyer"]], cell[t["interval"], t["seller"]]
            buyer["x"] += t["energy_wh"]
            buyer["bought"] += t["energy_wh"]
            buyer["paid"] += t["energy_wh"] * t["price_buy"]
            seller["x"] -= t["energy_wh"]
            seller["sold"] += t["energy_wh"]
            seller["earned"] += t["energy_wh"] * t["price_sell"]
        for c in self.cells:
            where = f"meter {c['meter']} in {c['interval']} "
            is_read = c["is_read"] == 1
            self.expect(where + "metered_wh", c["metered_wh"], c["load_wh"] + c["charge_wh"]
                        - c["solar_wh"] - c["wind_wh"] - c["discharge_wh"])
            if self.s["storage.controller"] == "greedy":
                self.expect(where + "runs as in the baseline", (c["metered_wh"], c["stored_wh"]),
                            (c["baseline_wh"], c["baseline_stored_wh"]))
            self.expect(where + "traded_wh", c["traded_wh"], c["x"])
            self.expect(where + "trades without a reading", not is_read and c["bought"] + c["sold"] > 0,
                        False)
            bill = self.bill(c, ordered.get((c["interval"], c["meter"]), 0)) if is_read else (0,) * 6
            c["computed"] = c["paid"] - c["earned"] + bill[0] + c["gap_cost"]
            self.expect(where + "cost", c["cost"], c["computed"])
            for name, value in zip(("imbalance_short_wh", "imbalance_long_wh", "schedule_short_wh",
                                    "schedule_long_wh", "schedule_cost"), bill[1:]):
                c[name] = value
            c["tariff_cost"] = self.tariff(c["metered_wh"])
            c["alone"] = self.tariff(c["baseline_wh"])
            # what no reading told in time is billed later, for every slot what the tariff makes of it
            self.expect(where + "gap", (c["gap_wh"], c["gap_cost"]),
                        (0, 0) if is_read else (c["metered_wh"], c["tariff_cost"]))

    def of_slot(self, k):
        return self.cells[k * self.n:(k + 1) * self.n]

    # ---- the tables

    def by_word(self, what, flag, values):
        """n_WHAT_WORD: how often each word of a flag stands among values; reasons no order has are no column."""
        none = {"none", "ok", *LATE, "wrong_root", "wrong_registers", "superseded"}
        return {f"n_{what}_{word}": values.count(at)
                for at, word in enumerate(self.result.words[flag]) if word not in none}

    def is_late(self, o):
        """Refused for when it came, an order is late in a block sealed at its gate or behind."""
        gate = o["interval"] * self.slot_ns - nanoseconds(self.s["market.gate"])
        return o["receipt"] in LATE or \
            o["receipt"] in PASSING and self.sealed[o["height"]] >= gate

    def check_causes(self):
        for o in self.orders:
            late, cause = o["late"], self.result.words["orders.late_cause"][o["late_cause"]]
            self.expect("an order's cause", cause != "none", late)
            if late:
                behind = o["sent"] >= o["interval"] * self.slot_ns - nanoseconds(self.s["market.gate"])
                self.expect("sent behind the gate", cause == "sent", behind)
        for cause, missed in zip(self.result.tables["slots"]["missed_cause"], self.missed):
            self.expect("a missed slot's cause", cause != 0, missed)

    @staticmethod
    def spread(trades, wh):
        if not wh:
            return float("nan")
        mean = Fraction(sum(t["energy_wh"] * t["price_buy"] for t in trades), wh)
        return sqrt(float(sum(t["energy_wh"] * (t["price_buy"] - mean)**2 for t in trades) / wh)) / 1e6

    def slot(self, k):
        cells, orders = self.of_slot(k), [o for o in self.orders if o["interval"] == k]
        ok = [o for o in orders if o["receipt"] == "ok"]
        settled = [t for t in self.settled if t["interval"] == k]
        net = sum(c["metered_wh"] for c in cells)
        traded = sum(t["energy_wh"] for t in settled)
        row = {name: sum(c[name] for c in cells) for name in (
            "solar_wh", "wind_wh", "load_wh", "ev_wh", "heat_pump_wh", "charge_wh", "discharge_wh",
            "stored_wh")}
        row.update({
            "trial": 0, "interval": k, "time": k * self.slot_ns,
            "utc_offset_s": 3600 * int(self.s["site.utc_offset"]),
            "retail": self.retail, "feed_in": self.feed_in,
            "n_orders": len(orders), "n_accepted": len(ok),
            "n_late": sum(o["late"] for o in orders),
            "n_amendments": sum(o["interval"] == k for o in self.amendments),
            **self.by_word("late", "orders.late_cause", [o["late_cause"] for o in orders]),
            "n_trades": sum(t["interval"] == k for t in self.trades),
            "generation_wh": row["solar_wh"] + row["wind_wh"],
            "import_wh": plus(net), "export_wh": plus(-net),
            **{arm + name: 0 for arm in ("", "baseline_") for name in LIMITED},
            "supply_wh": sum(o["quantity_wh"] for o in ok if o["side"] == "sell"),
            "demand_wh": sum(o["quantity_wh"] for o in ok if o["side"] == "buy"),
            "traded_wh": traded,
            "price_mean": ratio(sum(t["energy_wh"] * t["price_buy"] for t in settled), traded) / 1e6,
            "price_sd": self.spread(settled, traded),
            "price_p10": quantile([(t["price_buy"], t["energy_wh"]) for t in settled], 10) / 1e6,
            "price_p90": quantile([(t["price_buy"], t["energy_wh"]) for t in settled], 90) / 1e6,
            "cost": sum(c["computed"] for c in cells),
            "cost_grid_only": sum(c["alone"] for c in cells)})
        return row

    def user(self, i):
        own = self.cells[i::self.n]
        row = {"trial": 0, "meter": i, "name": next(
            (e["id"] for e in sorted(self.result.entries, key=lambda e: (int(e["slot"]), Fraction(e["time"])))
             if int(e["owner"]) == i), "")}         # of his first order
        row["strategy"] = 0  # no campaign draws a mix, in which each follows its own: tests/test_deviant.c
        row.update(self.home(i, own))
        row["generation_wh"] = sum(c["solar_wh"] + c["wind_wh"] for c in own)
        for name in ("load_wh", "ev_wh", "ev_unserved_wh", "heat_pump_wh", "heat_wh", "heat_unserved_wh",
                     "curtailed_wh"):
            row[name] = sum(c[name] for c in own)
        row["import_wh"] = sum(plus(c["metered_wh"]) for c in own)
        row["export_wh"] = sum(plus(-c["metered_wh"]) for c in own)
        row.update(self.throughput(own, [row["battery_kwh"]]))
        row["bought_wh"], row["sold_wh"] = (sum(c[k] for c in own) for k in ("bought", "sold"))
        row["bought_cost"], row["sold_revenue"] = (sum(c[k] for c in own) for k in ("paid", "earned"))
        row.update(self.causes(own))
        row["cost"] = sum(c["computed"] for c in own)
        row["cost_grid_only"] = sum(c["alone"] for c in own)
        for name, sign in (("buyer_cost", 1), ("seller_revenue", -1)):
            side = [c for c in own if c["baseline_wh"] * sign > 0]
            row[name] = sign * sum(c["computed"] for c in side)
            row[name + "_grid_only"] = sign * sum(c["alone"] for c in side)
        return row

    def home(self, i, own):
        """What a home owns: nothing, and none of its energy, or that of the scenario's key."""
        row = {"kind": ""}  # no campaign names kinds of households: tests/test_villages.c
        for name, energy, key in (("turbine_kw", "wind_wh", "wind.turbine"),
                                  ("battery_kwh", "charge_wh", "storage.capacity"),
                                  ("ev_kw", "ev_wh", "ev.power"),
                                  ("heat_pump_kw", "heat_pump_wh", "heat_pump.power")):
            has = self.result.tables["users"][name][i] or any(c[energy] for c in own)
            row[name] = float("nan") if self.s["meters.delivery"] == "declared" else self.size(key) if has else 0.0
        return row

    def size(self, key):
        """As the scenario gives it; a heat pump that is sized makes what is lost at the design temperature."""
        if self.s[key] != "sized":
            return float(self.s[key])
        loss, limit, flow, design = (float(self.s["heat_pump." + word]) for word in (
            "heat_loss", "limit", "flow", "design_temperature"))
        lift = min(max(flow - design, 15), 60)
        return loss * (limit - design) / 1000 / (6.81 - 0.121 * lift + 0.00063 * lift * lift)

    def throughput(self, cells, capacities):
        """What went into and out of batteries, and how often that fills and empties them."""
        row = {name: sum(c[name] for c in cells) for name in ("charge_wh", "discharge_wh")}
        whole = 2000 * sum(kwh for kwh in capacities if kwh > 0)
        row["full_cycles"] = ratio(row["charge_wh"] + row["discharge_wh"], whole)
        row["storage_wear_cost"] = 0  # no campaign draws wear: tests/test_storage_run.c
        return row

    def causes(self, cells):
        """What makes bills differ from the tariff on their own energy, beside prices of trades."""
        row = {name: sum(c[name] for c in cells) for name in (
            "imbalance_short_wh", "imbalance_long_wh", "schedule_short_wh", "schedule_long_wh",
            "tariff_cost", "schedule_cost")}
        row["bought_at_retail"] = sum(c["bought"] for c in cells) * self.retail
        row["sold_at_feed_in"] = sum(c["sold"] for c in cells) * self.feed_in
        row["gap_difference"] = 0  # one tariff: tests/tariffs.sh has others
        for fee in ("fee_cost", "network_fee_cost", "levy_cost", "market_fee_cost"):
            row[fee] = 0  # no campaign draws a fee: tests/test_fees.c, tests/fees.sh
        row["imbalance_short_cost"] = row["imbalance_short_wh"] * (self.short - self.feed_in)
        row["imbalance_long_cost"] = row["imbalance_long_wh"] * (self.retail - self.long)
        return row

    def most_surplus(self, k, of=None):
        """Dearest buyers meet cheapest sellers while that gains."""
        ok = [o for o in (self.accepted if of is None else of) if o["interval"] == k]
        bids = sorted(([o["reserve"], o["quantity_wh"]] for o in ok if o["side"] == "buy"), reverse=True)
        asks = sorted([o["reserve"], o["quantity_wh"]] for o in ok if o["side"] == "sell")
        most = b = a = 0
        while b < len(bids) and a < len(asks) and bids[b][0] > asks[a][0]:
            wh = min(bids[b][1], asks[a][1])
            most += wh * (bids[b][0] - asks[a][0])
            bids[b][1] -= wh
            asks[a][1] -= wh
            b += bids[b][1] == 0
            a += asks[a][1] == 0
        return most

    def from_the_start(self):
        """Discharge beyond what was charged during the run, less losses: energy the batteries began with."""
        if self.s["meters.delivery"] == "declared":
            return 0
        share, initial = float(self.s["storage.efficiency"]), 0
        for i in range(self.n):
            charged = own = 0
            for c in self.cells[i::self.n]:
                charged += c["charge_wh"]
                used = min(c["discharge_wh"], floor(charged * share) - own)
                own += used
                initial += c["discharge_wh"] - used
        return initial

    def prices(self, out):
        pairs = [(t["price_buy"], t["energy_wh"]) for t in self.settled]
        wh = sum(w for _, w in pairs)
        mean = Fraction(sum(p * w for p, w in pairs), wh) if wh else 0
        out["price_mean"] = float(mean) / 1e6 if wh else float("nan")
        out["price_sd"] = (sqrt(float(sum(w * (p - mean)**2 for p, w in pairs) / wh)) / 1e6
                           if wh else float("nan"))
        out["price_p10"], out["price_p90"] = quantile(pairs, 10) / 1e6, quantile(pairs, 90) / 1e6

    def welfare(self, out):
        got = sum(t["energy_wh"] * (self.by_number[t["interval"], t["buy_order"]]["reserve"]
                                    - self.by_number[t["interval"], t["sell_order"]]["reserve"])
                  for t in self.settled)
        most = sum(self.most_surplus(k) for k in self.slots)
        out["surplus_limit"] = most / 1e9
        out["efficiency_reserves"] = ratio(got, most)
        band = self.retail - self.feed_in
        out["clearable_wh"] = sum(min(r["supply_wh"], r["demand_wh"]) for r in self.slot_rows)
        out["efficiency_grid"] = ratio(out["traded_wh"] * band, band * out["clearable_wh"])
        out["chosen_wh"] = sum(o["quantity_wh"] for o in self.accepted
                               if o["side"] == "buy" and o["source"] != 0)
        out["first_choice_share"] = ratio(sum(
            t["energy_wh"] for t in self.settled if t["source"] != 0
            and self.by_number[t["interval"], t["buy_order"]]["source"] == t["source"]), out["chosen_wh"])

    def equilibrium(self, k):
        """Middle of the prices at which the accepted orders would gain least, each trading where it gains."""
        ok = [o for o in self.accepted if o["interval"] == k]
        if len({o["side"] for o in ok}) < 2:
            return None
        gain = {p: sum(o["quantity_wh"] * plus((1 if o["side"] == "buy" else -1) * (o["reserve"] - p))
                       for o in ok) for p in {o["reserve"] for o in ok}}
        best = [p for p in gain if gain[p] == min(gain.values())]
        return Fraction(min(best) + max(best), 2)

    def losses(self, out):
        price = [self.equilibrium(k) for k in self.slots]
        most, sent = (sum(self.most_surplus(k, of) for k in self.slots) for of in (None, self.orders))
        got = buyers = sellers = beyond = squares = at = wh = 0
        for t in self.settled:
            v, c = (self.by_number[t["interval"], t[o]]["reserve"] for o in ("buy_order", "sell_order"))
            p, e = price[t["interval"]], t["energy_wh"]
            got += e * (v - c)
            buyers += e * (v - t["price_buy"])
            sellers += e * (t["price_sell"] - c)
            beyond += e * (plus(p - v) + plus(c - p))
            squares += e * (t["price_buy"] - p)**2
            at += e * p
            wh += e
        out["buyers_surplus"], out["sellers_surplus"] = buyers / 1e9, sellers / 1e9
        out["surplus_limit_sent"] = sent / 1e9
        out["efficiency_chain"], out["efficiency_total"] = ratio(most, sent), ratio(got, sent)
        out["extramarginal_loss"] = float(ratio(beyond, most))
        out["missed_loss"] = float(ratio(most - got - beyond, most))
        out["smith_alpha"] = (100 * sqrt(float(Fraction(squares) / wh)) / abs(float(Fraction(at) / wh))
                              if wh and at else float("nan"))

    def power(self, out):
        for arm, name in (("", "metered_wh"), ("_grid_only", "baseline_wh")):
            net = [sum(c[name] for c in self.of_slot(k)) for k in self.slots]
            peak, drawn = max(map(plus, net)), sum(map(plus, net))
            out["peak_to_average" + arm] = ratio(peak * self.n_slots, drawn)
            out["load_factor" + arm] = ratio(drawn, peak * self.n_slots)
            steps = sum(abs(b - a) for a, b in zip(net, net[1:]))
            out["ramping" + arm] = ratio(steps, self.n_slots - 1) / 1000 / (self.slot_ns / 3600e9)**2
            out["carbon" + arm] = drawn / 1000 * float(self.s["grid.carbon"])
        out["carbon_saved"] = out["carbon_grid_only"] - out["carbon"]
        out["baseline_peak_import_wh"] = peak
        out["baseline_peak_export_wh"] = max(plus(-w) for w in net)
        out["baseline_deficit_wh"], out["baseline_surplus_wh"] = (
            sum(plus(sign * c["baseline_wh"]) for c in self.cells) for sign in (1, -1))

    def utility(self, out):
        bills = [c["computed"] - c["paid"] + c["earned"] for c in self.cells]
        out["utility_revenue"], out["utility_purchases"] = sum(map(plus, bills)), sum(plus(-b) for b in bills)
        out["utility_revenue_lost"] = out["buyers_cost_grid_only"] - out["utility_revenue"]
        out["utility_purchases_avoided"] = out["sellers_revenue_grid_only"] - out["utility_purchases"]
        out["utility_margin_lost"] = out["cost_grid_only"] - sum(bills)
        out["buyers_gain_per_kwh"] = ratio(
            out["buyers_cost_grid_only"] - out["buyers_cost"], out["baseline_deficit_wh"]) / 1e6
        out["sellers_gain_per_kwh"] = ratio(
            out["sellers_revenue"] - out["sellers_revenue_grid_only"], out["baseline_surplus_wh"]) / 1e6

    def deviant(self, out):
        """Nobody does otherwise here: tests/test_deviant.c has one"""
        out["deviant_gain"] = out["deviant_surplus"] = out["deviant_wh"] = 0
        out["deviant_gain_per_kwh"] = out["deviant_surplus_per_kwh"] = float("nan")

    def fairness(self, out):
        users = self.user_rows
        gains = [u["cost_grid_only"] - u["cost"] for u in users]
        out["gini"] = out["jain"] = float("nan")
        if min(gains) >= 0:
            out["gini"] = gini_of_any_sign(gains)
            out["jain"] = ratio(sum(gains)**2, self.n * sum(g * g for g in gains))
        out["gini_bills"] = gini_of_any_sign([u["cost"] for u in users])
        out["gini_bills_grid_only"] = gini_of_any_sign([u["cost_grid_only"] for u in users])
        more = [c["stored_wh"] - c["baseline_stored_wh"] for c in self.of_slot(self.n_slots - 1)]
        out["terminal_storage_wh"] = sum(more)
        out.update(self.throughput(self.cells, [u["battery_kwh"] for u in users]))
        loss = [u["cost"] - u["cost_grid_only"] - max(price * wh for price in (self.feed_in, self.retail))
                for u, wh in zip(users, more)]
        flows = [abs(u["buyer_cost_grid_only"]) + abs(u["seller_revenue_grid_only"]) for u in users]
        out["worst_loss"] = max(map(plus, loss))
        out["losing_share"] = sum(x > 0 for x in loss) / self.n
        out["losing_1pct_share"] = sum(x > 0 and x > 0.01 * f for x, f in zip(loss, flows)) / self.n
        for side, name in (("sellers", "sold_wh"), ("buyers", "bought_wh")):
            whole, squares = sum(u[name] for u in users), sum(u[name]**2 for u in users)
            out["hhi_" + side], out["effective_" + side] = ratio(squares, whole**2), ratio(whole**2, squares)
        out["n_users_losing"] = sum(all(u["cost"] - price * wh > u["cost_grid_only"]
                                        for price in (self.feed_in, self.retail))
                                    for u, wh in zip(users, more))

    def money(self, out):
        cells = self.cells
        for name, sign in (("buyers_cost", 1), ("sellers_revenue", -1)):
            side = [c for c in cells if c["baseline_wh"] * sign > 0]
            out[name] = sign * sum(c["computed"] for c in side)
            out[name + "_grid_only"] = sign * sum(c["alone"] for c in side)
        zero = [c for c in cells if c["baseline_wh"] == 0]
        out["zero_cost"] = sum(c["computed"] for c in zero)
        out["zero_cost_grid_only"] = sum(c["alone"] for c in zero)
        out["cost"] = sum(c["computed"] for c in cells)
        out["cost_grid_only"] = sum(c["alone"] for c in cells)
        out["saving"] = out["cost_grid_only"] - out["cost"]
        out["saving_ceiling"] = out["cost_grid_only"] - sum(
            self.tariff(sum(c["metered_wh"] for c in self.of_slot(k))) for k in self.slots)
        out["operator_balance"] = sum(t["energy_wh"] * (t["price_buy"] - t["price_sell"])
                                      for t in self.settled)
        out["saving_pct"] = 100 * ratio(out["saving"], abs(out["cost_grid_only"]))
        out["buyers_saving_pct"] = 100 * ratio(
            out["buyers_cost_grid_only"] - out["buyers_cost"], abs(out["buyers_cost_grid_only"]))
        out["sellers_gain_pct"] = 100 * ratio(
            out["sellers_revenue"] - out["sellers_revenue_grid_only"],
            abs(out["sellers_revenue_grid_only"]))
        out["gain_per_user_day"] = (out["saving"] / 1e9 / self.n
                                    / (self.n_slots * self.slot_ns / 86400e9))
        out["n_unread"] = sum(not c["is_read"] for c in cells)
        out["gap_cost"] = sum(c["tariff_cost"] for c in cells if not c["is_read"])
        out.update(self.causes(cells))

    def baseline(self, out):
        """Cars, heat pumps and connections with the grid alone. /meters tells of them no more than what
        passed the meter, which holds their sum where no battery hides it; heat is that of the market's run."""
        def has(column):
            return any(size > 0 for size in self.result.tables["users"][column])

        got = self.result.rows("summary")[0]
        limits = self.s["meters.delivery"] != "declared" and self.s.get("connection", "none") != "none"
        names = [name for name, there in (("baseline_ev_wh", has("ev_kw")),
                                          ("baseline_heat_pump_wh", has("heat_pump_kw")),
                                          ("baseline_curtailed_wh", limits)) if there]
        rest = sum(c["baseline_wh"] + c["solar_wh"] + c["wind_wh"] + c["curtailed_wh"] + c["ev_wh"]
                   + c["heat_pump_wh"] - c["load_wh"] for c in self.cells)
        for name in ("baseline_ev_wh", "baseline_heat_pump_wh", "baseline_curtailed_wh"):
            is_held = names and name == names[-1] and not has("battery_kwh")
            out[name] = 0 if name not in names else rest if is_held else got[name]
            rest -= out[name]
        out["baseline_ev_unserved_wh"] = out["ev_wh"] + out["ev_unserved_wh"] - out["baseline_ev_wh"]
        out["baseline_heat_wh"], out["baseline_heat_unserved_wh"] = out["heat_wh"], out["heat_unserved_wh"]

    def energy(self, out):
        rows = self.slot_rows
        for name in ("generation_wh", "load_wh", "import_wh", "export_wh", "traded_wh"):
            out[name] = sum(r[name] for r in rows)
        for name in ("ev_wh", "ev_unserved_wh", "heat_pump_wh", "heat_wh", "heat_unserved_wh", "curtailed_wh"):
            out[name] = sum(c[name] for c in self.cells)
        for name in (*LIMITED, "n_overload_slots"):
            out[name] = out["baseline_" + name] = 0
        self.baseline(out)
        for name in ("import_wh", "export_wh"):
            out["peak_" + name] = max(r[name] for r in rows)
        out["surplus_wh"] = out["deficit_wh"] = out["matchable_wh"] = moved = 0
        out["baseline_import_wh"] = out["baseline_export_wh"] = 0
        for k in self.slots:
            cells = self.of_slot(k)
            s, d = (sum(plus(sign * c["metered_wh"]) for c in cells) for sign in (-1, 1))
            out["surplus_wh"] += s
            out["deficit_wh"] += d
            out["matchable_wh"] += min(s, d)
            moved += min(*(sum(min(plus(sign * c["x"]), plus(sign * c["metered_wh"])) for c in cells)
                           for sign in (-1, 1)))
            alone = sum(c["baseline_wh"] for c in cells)
            out["baseline_import_wh"] += plus(alone)
            out["baseline_export_wh"] += plus(-alone)
        initial = self.from_the_start()
        out["local_matching_ratio"] = ratio(moved, out["matchable_wh"])
        out["contracted_ratio"] = ratio(out["traded_wh"], out["matchable_wh"])
        out["self_sufficiency"] = 1 - ratio(out["import_wh"] + initial, out["load_wh"])
        out["self_consumption"] = ratio(plus(out["generation_wh"] - out["export_wh"]), out["generation_wh"])
        out["traded_self_sufficiency"] = 1 - ratio(out["deficit_wh"] + initial - moved, out["load_wh"])

    def chain(self, out):
        out["n_blocks"] = len(self.blocks)
        out["n_transactions"] = sum(b["n_transactions"] for b in self.blocks)
        out["n_bytes"] = sum(b["n_bytes"] for b in self.blocks)
        took = [(o["stable"] - o["sent"], 1) for o in self.sent if o["stable"] != NO_TIME]
        for percent in (50, 95, 99):
            out[f"latency_p{percent}_ms"] = quantile(took, percent) / 1e6
        sealed = [b["sealed"] for b in self.blocks]
        out["block_interval_ms"] = ratio(sealed[-1] - sealed[0], len(sealed) - 1) / 1e6 if sealed else \
            float("nan")
        days = self.n_slots * self.slot_ns / 86400e9
        out["transactions_per_block"] = ratio(out["n_transactions"], len(sealed))
        out["orders_per_s"] = len(self.accepted) / days / 86400
        out["ledger_growth"] = out["n_bytes"] / days / self.n * 365
        out["block_fill"] = ratio(out["n_transactions"],
                                  len(sealed) * int(self.s["chain.block.max_transactions"]))

    def concessions(self, out):
        """What became of amendments: applied, or in vain by its reason."""
        receipts = [o["receipt"] for o in self.amendments if not o["late"]]
        causes = [self.result.words["orders.late_cause"][o["late_cause"]]
                  for o in self.amendments if o["late"]]
        out["n_amendments"] = len(self.amendments)
        actions = self.result.words["orders.action"]
        out["n_cancels"] = sum(actions[o["action"]] == "cancel" for o in self.amendments)
        out["n_amendments_accepted"] = receipts.count("ok")
        out["n_amendments_in_vain"] = len(self.amendments) - receipts.count("ok")
        for cause, words in (("link", ("sent", "link")), ("pool", ("pool",)), ("consensus", ("consensus",))):
            out["n_in_vain_" + cause] = sum(map(causes.count, words))
        for reason, word in (("fill_race", "already_done"), ("superseded", "superseded")):
            out["n_in_vain_" + reason] = receipts.count(word)
        out["n_in_vain_refused"] = sum(r not in ("ok", "already_done", "superseded") for r in receipts)

    def unmatched(self, out):
        """Orders of delivered slots that nothing traded with, and why, every pair looked at."""
        actions, by_source = self.result.words["orders.action"], self.s.get("market.books") == "by_source"
        amended = {}
        for a in sorted((a for a in self.amendments if a["receipt"] == "ok" and not a["late"]),
                        key=lambda a: (a["height"], a["transaction"], a["message"])):
            amended[a["interval"], a["target"]] = a
        count = {"reserve": 0, "taken": 0, "never_met": 0, "cut": 0}
        for k in self.slots:
            book = []
            for o in self.accepted if not self.missed[k] else ():
                last = amended.get((k, o["number"]), o)
                if o["interval"] == k and actions[last["action"]] != "cancel":
                    book.append((o["side"], o["source"], last["reserve"], o["matched_wh"],
                                 max(last["quantity_wh"] - o["matched_wh"] - o["cut_wh"], 0),
                                 last["quantity_wh"] <= o["cut_wh"]))
            for side, source, reserve, matched, left, is_cut in book:
                if matched:
                    continue
                if is_cut:
                    count["cut"] += 1
                    continue
                suited = [rest for other, energy, limit, _, rest, other_is_cut in book
                          if other != side and not other_is_cut and (not by_source or 0 in (source, energy) or source == energy)
                          and (reserve >= limit if side == "buy" else limit >= reserve)]
                count["never_met" if any(suited) else "taken" if suited else "reserve"] += 1
        out["n_unmatched"] = sum(count.values())
        out["cut_wh"] = sum(o["cut_wh"] for o in self.orders if not self.missed[o["interval"]])
        out.update({"n_unmatched_" + cause: n for cause, n in count.items()})

    def summary(self):
        receipts = [o["receipt"] for o in self.orders]
        late = sum(o["late"] for o in self.orders)
        out = {"trial": 0, "seed": int(self.s["seed"]), "replication": int(self.s["replication"]),
               "slot_ns": self.slot_ns, "retail": self.retail, "feed_in": self.feed_in,
               "retail_lowest": self.retail, "feed_in_highest": self.feed_in,
               "n_meters": self.n, "n_slots": self.n_slots, "n_missed_slots": sum(self.missed),
               "n_orders": len(receipts), "n_accepted": receipts.count("ok"), "n_late": late,
               "n_refused": len(receipts) - receipts.count("ok") - late,
               "n_trades": len(self.trades), "n_settled": len(self.settled),
               "n_voided": len(self.trades) - len(self.settled),
               "n_orders_again": sum(o["n_again"] for o in self.sent),
               "messages_per_trade": ratio(len(self.sent), len(self.trades)),
               **self.by_word("late", "orders.late_cause", [o["late_cause"] for o in self.orders]),
               **self.by_word("refused", "orders.status",
                              [o["status"] for o in self.orders if not o["late"]]),
               **self.by_word("missed", "slots.missed_cause", self.result.tables["slots"]["missed_cause"])}
        self.check_causes()
        self.concessions(out)
        self.unmatched(out)
        self.energy(out)
        self.prices(out)
        self.money(out)
        self.welfare(out)
        self.losses(out)
        self.power(out)
        self.utility(out)
        self.fairness(out)
        self.deviant(out)
        self.chain(out)
        return out

    # ---- comparing

    def compare(self, name, expected_rows):
        table = self.result.tables[name]
        for column, values in table.items():
            if column in EXEMPT[name]:
                continue
            if any(column not in row for row in expected_rows):
                self.faults.append(f"/{name}/{column} has no rule in this oracle and is not exempt")
                continue
            for at, (got, row) in enumerate(zip(values, expected_rows)):
                if not same(got, row[column]):
                    self.faults.append(f"/{name}/{column}[{at}]: {got!r}, expected {row[column]!r}")
        self.expect(f"/{name} rows", len(table["trial"]), len(expected_rows))
        for column in EXEMPT[name] | {c for row in expected_rows for c in row}:
            if column in table:
                continue
            self.faults.append(f"/{name}/{column} is not in the file")

    def check(self):
        self.expect("tables", set(self.result.tables), {"orders", "trades", "blocks", "meters", *EXEMPT})
        self.compare("slots", self.slot_rows)
        self.compare("users", self.user_rows)
        self.compare("summary", [self.summary()])
        return self.faults


def same(got, expected):
    if isinstance(got, float) or isinstance(expected, float):
        got, expected = float(got), float(expected)
        return (got != got and expected != expected) or \
            abs(got - expected) <= 1e-9 * max(abs(got), abs(expected)) + 1e-12
    return got == expected


def main(paths):
    n_failed = 0
    for path in paths:
        faults = Oracle(Result(path)).check()
        for fault in faults[:12]:
            print(f"# {fault}")
        if faults:
            print(f"# in {path}")
        n_failed += bool(faults)
    print("# exempt: " + " ".join(f"/{t}/{c}" for t in EXEMPT for c in sorted(EXEMPT[t])))
    print(f"# {len(paths)} results")
    sys.exit(n_failed > 0)


main(sys.argv[1:])
