"""Computes every published figure of results anew and says which of them differ.

    kpi_oracle.py RESULT.h5 ...                 results of single runs at output.level meters
    kpi_oracle.py --troubles RESULT.h5 ...      likewise; together they hold each kind of trouble, often enough
    kpi_oracle.py --villages RESULT.h5 ...      likewise; they hold all that villages of kinds may have
    kpi_oracle.py --sensitivity RESULT.h5       is it noticed when one value of one column is another?

From /orders, /trades, /blocks, /meters and the stored scenario to every column of /summary, /slots,
/users and /kinds, and to the reserves and re-quote factors of orders, by the definitions of doc/results.md and the rules of the market; shares nothing with the
program. A column that has no rule here and is not exempt fails the test."""
import sys

from kpi_oracle_agents import Agents
from kpi_oracle_baseline import Baseline
from kpi_oracle_cells import Cells
from kpi_oracle_chain import Chain
from kpi_oracle_community import Community
from kpi_oracle_fees import Fees
from kpi_oracle_forecasts import Forecasts
from kpi_oracle_homes import Homes
from kpi_oracle_market import Market
from kpi_oracle_money import Money
from kpi_oracle_planes import Planes
from kpi_oracle_plants import Plants
from kpi_oracle_result import Result, ratio, ticks
from kpi_oracle_series import Series
from kpi_oracle_terms import Terms

# Counted by the network: nothing in the tables tells them. Whether a slot was missed, and why, is taken
# from the slot itself (bounds are checked), for it depends on when blocks became known to the operator;
# where an order was at the gate is taken from the order. How large a home and its modules are is drawn, but where
# a kind gives it exactly.
EXEMPT = {"summary": {"n_messages", "n_pool_refusals", "n_resent", "n_readings_again", "n_approvals_again",
                      "n_authority_again", "n_bundles_again", "n_wake_ups", "n_passed", "n_passed_unanswered",
                      "n_passed_no_anchor", "n_passed_no_step", "n_passed_fee", "n_passed_own_gate", "n_voided_consensus", "n_unfunded", "n_priced_out"},
          "slots": {"status", "missed_cause"}, "users": set()}

CONTROLLERS = ("contract", "price_threshold", "schedule", "none")
FORECASTS = ("perfect", "persistence", "yesterday", "week", "week_mean", "conditional_mean", "file")
VILLAGES = {"several kinds", "prices by time", "prices of a series", "tariffs that differ in a slot", "several strategies",
            "gaps between readings", "generation cut for all together", "import beyond a limit",
            "export beyond a limit", "generation cut at home", "wear", "a sized heat pump", "a car that waits",
            "fees of both sides that differ", "levies", "messages at a fee", "a mix", "own re-quote factors",
            "own reserves", "a pump that waits", "measured loads", "measured generation", "a sized pump of a home of its own", "rows of meters with a car's need", "rows of meters with prices", "one who does otherwise",
            "prices of a series in rows", "planes that lie alike", "places that are the same",
            *("orders by a forecast: " + kind for kind in FORECASTS), *("a battery under " + name for name in CONTROLLERS)}


# What some results must hold, lest their figures go unchecked.
TROUBLES = {"settled trades", "missed slots", "void trades", "imbalance", "missed schedules", "trades delivered in part",
            "storage", "readings that came too late", "messages at a fee"}
ENOUGH = {"--troubles": (TROUBLES, 3), "--villages": (VILLAGES, 1)}


class Oracle(Agents, Baseline, Cells, Chain, Community, Fees, Forecasts, Homes, Market, Money, Planes, Plants, Series):
    def __init__(self, result):
        s = result.scenario
        self.result, self.s = result, s
        self.terms = Terms(s, result.tables["users"]["kind"])
        self.slot_ns, self.n = self.terms.slot_ns, self.terms.n
        self.n_slots = int(s["slots"]) or int(s["days"]) * 86400 * 10**9 // self.slot_ns
        self.slots = range(self.n_slots)
        self.tariffs = [self.terms.tariffs(k) for k in self.slots]
        highest, lowest = ([pick(prices[i] for prices in row) for row in self.tariffs]
                           for i, pick in ((0, max), (1, min)))
        self.retail, self.feed_in = max(highest), min(lowest)
        short, long = s.get("imbalance.short", "retail"), s.get("imbalance.long", "feed_in")
        self.short = highest if short == "retail" else [ticks(short)] * self.n_slots
        self.long = lowest if long == "feed_in" else [ticks(long)] * self.n_slots
        self.missed = [status == 1 for status in result.tables["slots"]["status"]]
        self.orders, self.trades = result.rows("orders"), result.rows("trades")
        self.blocks, self.cells = result.rows("blocks"), result.rows("meters")
        self.sealed = {b["height"]: b["sealed"] for b in self.blocks}
        self.faults, self.files = [], {}
        self.expect("kinds", self.terms.names, self.terms.expected_names())
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
        self.sees_no_market = [self.terms.sees_no_market(i) for i in range(self.n)]
        self.read_fees()
        self.read_agents()
        self.check_inputs()
        self.check_agents()
        self.check_plants()
        self.check_loads()
        self.check_forecasts()
        self.check_planes()
        self.execute_trades()
        self.count_cells()
        self.slot_rows = [self.slot(k) for k in self.slots]
        self.user_rows = [self.user(i) for i in range(self.n)]

    def expect(self, what, got, expected):
        if got != expected:
            self.faults.append(f"{what}: {got}, expected {expected}")

    def summary(self):
        receipts = [o["receipt"] for o in self.orders]
        late = sum(o["late"] for o in self.orders)
        out = {"trial": 0, "seed": int(self.s["seed"]), "replication": int(self.s["replication"]),
               "slot_ns": self.slot_ns, "retail": self.retail, "feed_in": self.feed_in,
               "retail_lowest": min(retail for row in self.tariffs for retail, _ in row),
               "feed_in_highest": max(feed_in for row in self.tariffs for _, feed_in in row),
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

    def troubles(self):
        sums = self.result.rows("summary")[0]
        found = {"settled trades": self.settled, "missed slots": any(self.missed),
                 "void trades": len(self.trades) > len(self.settled),
                 "imbalance": sums["imbalance_short_wh"] + sums["imbalance_long_wh"] > 0,
                 "missed schedules": sums["schedule_cost"],
                 "trades delivered in part": any(0 < t["energy_wh"] < t["contracted_wh"] for t in self.settled),
                 "storage": sums["charge_wh"] > 0, "readings that came too late": sums["n_unread"] > 0,
                 "messages at a fee": sums["fee_cost"]}
        return {what for what, is_there in found.items() if is_there}

    def held(self):
        """What of VILLAGES it has."""
        t, sums = self.terms, self.result.rows("summary")[0]
        otherwise = {c["meter"] for c in self.cells if c["stored_wh"] != c["baseline_stored_wh"]}
        found = {"several kinds": len(t.kinds) > 1,
                 "prices by time": any(k.endswith("_by_time") and v != "none" for k, v in self.s.items()),
                 "prices of a series": bool(t.series),
                 "tariffs that differ in a slot": any(len(set(row)) > 1 for row in self.tariffs),
                 "several strategies": any(u["strategy"] for u in self.user_rows),
                 "gaps between readings": sums["n_unread"] > 0,
                 "fees of both sides that differ": any(buyer != seller and sums[name] > 0 for name, (buyer, seller)
                                                       in self.trade_fees.items() if name != "levy_cost"),
                 "levies": sums["levy_cost"] > 0,
                 "messages at a fee": sums["fee_cost"] > 0,
                 "a mix": any(t.of(i, "agents.strategy") == "mix" for i in range(self.n)),
                 "own re-quote factors": len({o["beta"] for o in self.orders}) > 2,
                 "own reserves": any(t.own(i, "agents.reserve_" + side) for i in range(self.n) for side in ("buy", "sell")),
                 "generation cut for all together": sums["community_curtailed_wh"] > 0,
                 "import beyond a limit": sums["overload_import_wh"] > 0,
                 "export beyond a limit": sums["overload_export_wh"] > 0,
                 "generation cut at home": sums["curtailed_wh"] > sums["community_curtailed_wh"],
                 "rows of meters with a car's need": any("ev.energy" in row and t.owns(i, "ev") for i, row in enumerate(t.of_row)),
                 "rows of meters with prices": any(key.startswith("tariff.") for row in t.of_row for key in row),
                 "a pump that waits": any(u["heat_pump_wh"] and t.of(i, "heat_pump.controller") != "at_once"
                                          for i, u in enumerate(self.user_rows)),
                 "a sized pump of a home of its own": any(u["heat_pump_wh"] and t.size(i, "heat_pump.power") is None
                                                          for i, u in enumerate(self.user_rows)),
                 "measured loads": any(k.startswith("households.") and k.endswith("load.series") for k in self.s),
                 "measured generation": any(k.startswith("households.") and k.endswith("pv.series") for k in self.s),
                 "one who does otherwise": sums["deviant_surplus"] != 0,
                 "prices of a series in rows": any(key.endswith("_series") for row in t.of_row for key in row),
                 "planes that lie alike": self.n_alike["planes"] > 0, "places that are the same": self.n_alike["places"] > 0,
                 **{"orders by a forecast: " + kind: n > 0 for kind, n in self.n_forecasts.items()},
                 "wear": sums["storage_wear_cost"] > 0,
                 "a sized heat pump": any(u["heat_pump_wh"] and t.of(i, "heat_pump.power") == "sized"
                                          for i, u in enumerate(self.user_rows)),
                 "a car that waits": any(u["ev_wh"] and t.of(i, "ev.controller") != "at_once"
                                         for i, u in enumerate(self.user_rows)),
                 **{"a battery under " + name: any(t.owns(i, "storage") and t.of(i, "storage.controller") == name
                                                   for i in otherwise) for name in CONTROLLERS}}
        return {what for what, is_there in found.items() if is_there}

    # ---- comparing

    def compare(self, name, expected_rows):
        table = self.result.tables[name]
        for column, values in table.items():
            if column in EXEMPT.get(name, set()):
                continue
            if any(column not in row for row in expected_rows):
                self.faults.append(f"/{name}/{column} has no rule in this oracle and is not exempt")
                continue
            for at, (got, row) in enumerate(zip(values, expected_rows)):
                if not same(got, row[column]):
                    self.faults.append(f"/{name}/{column}[{at}]: {got!r}, expected {row[column]!r}")
        self.expect(f"/{name} rows", len(table["trial"]), len(expected_rows))
        for column in EXEMPT.get(name, set()) | {c for row in expected_rows for c in row}:
            if column in table:
                continue
            self.faults.append(f"/{name}/{column} is not in the file")

    def check(self):
        kinds = {"kinds"} if self.terms.kinds else set()
        self.expect("tables", set(self.result.tables), {"orders", "trades", "blocks", "meters", *EXEMPT} | kinds)
        self.compare("slots", self.slot_rows)
        self.compare("users", self.user_rows)
        if kinds:
            self.compare("kinds", [self.kind(name) for name in self.terms.kinds if name in self.terms.names])
        self.compare("summary", [self.summary()])
        return self.faults


def same(got, expected):
    if isinstance(got, float) or isinstance(expected, float):
        got, expected = float(got), float(expected)
        return (got != got and expected != expected) or \
            abs(got - expected) <= 1e-9 * max(abs(got), abs(expected)) + 1e-12
    return got == expected


def changed(values):
    """Another value in the last row, further off than the Wh or two by which a bound may be wide."""
    last = values[-1]
    if isinstance(last, str):
        return values[:-1] + [last + "x"]
    if isinstance(last, float):
        return values[:-1] + [0.0 if last != last else last * (1 + 1e-6) + 1e-9]
    return values[:-1] + [last + 4]


def check_sensitivity(path):
    """Changes column after column. returns how many changes went unnoticed"""
    result, n, unnoticed = Result(path), 0, []
    for name in ("summary", "slots", "users", "kinds"):
        table = result.tables.get(name, {})
        for column in table.keys() - EXEMPT.get(name, set()):
            right = table[column]
            table[column] = changed(right)
            n += 1
            if not Oracle(result).check():
                unnoticed.append(f"/{name}/{column}")
            table[column] = right
    for column in sorted(unnoticed):
        print(f"# a change of {column} goes unnoticed")
    print(f"# {n} columns changed, one after the other")
    return len(unnoticed)


def main(mode, paths):
    n_failed, held = 0, {}
    wanted, least = ENOUGH.get(mode, (set(), 0))
    for path in paths:
        oracle = Oracle(Result(path))
        faults = oracle.check()
        for what in oracle.held() | oracle.troubles() if wanted else ():
            held[what] = held.get(what, 0) + 1
        for fault in faults[:12]:
            print(f"# {fault}")
        if faults:
            print(f"# in {path}")
        n_failed += bool(faults)
    lacking = {what for what in wanted if held.get(what, 0) < least}
    print("# exempt: " + " ".join(f"/{t}/{c}" for t in EXEMPT for c in sorted(EXEMPT[t])))
    print(f"# {len(paths)} results" + "".join(f"; too few with {what}" for what in sorted(lacking)))
    return n_failed > 0 or bool(lacking)


words = [word for word in sys.argv[1:] if word.startswith("--")]
if words == ["--sensitivity"]:
    sys.exit(check_sensitivity(sys.argv[2]) > 0)
sys.exit(main(*words or [""], sys.argv[1 + len(words):]))
