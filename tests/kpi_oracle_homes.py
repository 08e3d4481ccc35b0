"""Homes: what each owns, uses, pays and saves, by kind, and how the savings are spread."""
from fractions import Fraction
from math import nan

from kpi_oracle_result import gini_of_any_sign, plus, ratio


class Homes:
    def user(self, i):
        own = self.cells[i::self.n]
        row = {"trial": 0, "meter": i, "name": next(
            (e["id"] for e in sorted(self.result.entries, key=lambda e: (int(e["slot"]), Fraction(e["time"])))
             if int(e["owner"]) == i), "")}         # of his first order
        if self.terms.kinds:
            row["name"] = self.terms.name(i)
        row["strategy"] = self.strategy(i)
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
        """What a home owns: nothing, and none of its energy, or that of the scenario's key, or of its kind's."""
        got = {name: column[i] for name, column in self.result.tables["users"].items()}
        row = {"kind": self.terms.names[i]}
        for name, energy, asset, key in (("turbine_kw", "wind_wh", "wind", "wind.turbine"),
                                         ("battery_kwh", "charge_wh", "storage", "storage.capacity"),
                                         ("ev_kw", "ev_wh", "ev", "ev.power"),
                                         ("heat_pump_kw", "heat_pump_wh", "heat_pump", "heat_pump.power")):
            has = self.terms.owns(i, asset)
            if has is None:
                has = got[name] or any(c[energy] for c in own)
            self.expect(f"meter {i} uses its {asset} alone", not has and any(c[energy] for c in own), False)
            if self.s["meters.delivery"] == "declared":
                row[name] = nan
                continue
            size = self.terms.size(i, key) if has else 0.0
            if size is None:
                size = self.near(got[name], self.size_by_need(i, own))
            row[name] = size
        for name, asset, key in (("pv_kw", "pv", "pv.size"), ("yearly_kwh", None, "load.yearly")):
            exact = self.terms.exact(i, asset, key)
            is_declared = self.s["meters.delivery"] == "declared"
            row[name] = nan if is_declared else got[name] if exact is None else exact
        return row

    @staticmethod
    def near(got, known):
        """What a figure should be, (value, by how much it may be off), or None where that is not known."""
        return got if known is None or abs(got - known[0]) <= known[1] else known[0]

    def throughput(self, cells, capacities):
        """What went into and out of batteries, and how often that fills and empties them."""
        row = {name: sum(c[name] for c in cells) for name in ("charge_wh", "discharge_wh")}
        whole = 2000 * sum(kwh for kwh in capacities if kwh > 0)
        row["full_cycles"] = ratio(row["charge_wh"] + row["discharge_wh"], whole)
        row["storage_wear_cost"] = sum((c["charge_wh"] + c["discharge_wh"]) * self.terms.wear(c["meter"])
                                       for c in cells)
        return row

    def causes(self, cells):
        """What makes bills differ from the tariff on their own energy, beside prices of trades."""
        row = {name: sum(c[name] for c in cells) for name in (
            "imbalance_short_wh", "imbalance_long_wh", "schedule_short_wh", "schedule_long_wh",
            "tariff_cost", "schedule_cost", "fee_cost", "network_fee_cost", "levy_cost", "market_fee_cost")}
        prices = [(self.tariffs[c["interval"]][c["meter"]], c) for c in cells]
        row["bought_at_retail"] = sum(c["bought"] * retail for (retail, _), c in prices)
        row["sold_at_feed_in"] = sum(c["sold"] * feed_in for (_, feed_in), c in prices)
        row["gap_difference"] = sum(c["gap_cost"] - c["tariff_cost"] for c in cells if not c["is_read"])
        row["imbalance_short_cost"] = sum(c["imbalance_short_wh"] * (self.short[c["interval"]] - feed_in)
                                          for (_, feed_in), c in prices)
        row["imbalance_long_cost"] = sum(c["imbalance_long_wh"] * (retail - self.long[c["interval"]])
                                         for (retail, _), c in prices)
        return row

    def deviant(self, out):
        """What doing otherwise brought, on the bill and by the own reserves of each slot."""
        i = self.does_otherwise
        out["deviant_gain"] = out["deviant_surplus"] = out["deviant_wh"] = 0
        out["deviant_gain_per_kwh"] = out["deviant_surplus_per_kwh"] = float("nan")
        if i < 0:
            return
        user = self.user_rows[i]
        out["deviant_gain"] = user["cost_grid_only"] - user["cost"]
        out["deviant_surplus"] = user["sold_revenue"] - user["bought_cost"] + sum(
            c["bought"] * self.reserve(i, c["interval"], True, True) - c["sold"] * self.reserve(i, c["interval"], False, True)
            for c in self.cells if c["meter"] == i)
        out["deviant_wh"] = user["import_wh"] + user["export_wh"]
        for name in ("gain", "surplus"):  # in 1e-9 currency, a kWh of 1000 Wh
            out[f"deviant_{name}_per_kwh"] = ratio(out["deviant_" + name] / 1e6, out["deviant_wh"])

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

    def kind(self, name):
        """What the homes of a kind come to together."""
        own = [u for u in self.user_rows if u["kind"] == name]
        row = {"trial": 0, "kind": name, "n_homes": len(own)}
        for column in self.result.tables["kinds"]:
            if column in own[0] and column not in row:
                row[column] = sum(u[column] for u in own)
        row["full_cycles"] = ratio(row["charge_wh"] + row["discharge_wh"], 2000 * row["battery_kwh"])
        row["saving"] = row["cost_grid_only"] - row["cost"]
        row["self_consumption"] = ratio(plus(row["generation_wh"] - row["export_wh"]), row["generation_wh"])
        row["self_sufficiency"] = 1 - ratio(row["import_wh"], row["load_wh"])
        return row
