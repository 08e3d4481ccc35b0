"""The community: its slots, energy and power at the one connection, limits and the grid-only run."""
from math import floor

from kpi_oracle_result import plus, quantile, ratio

LIMITED = ("community_curtailed_wh", "overload_import_wh", "overload_export_wh")


class Community:
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
            "retail": max(retail for retail, _ in self.tariffs[k]),
            "feed_in": min(feed_in for _, feed_in in self.tariffs[k]),
            "n_orders": len(orders), "n_accepted": len(ok),
            "n_late": sum(o["late"] for o in orders),
            "n_amendments": sum(o["interval"] == k for o in self.amendments),
            **self.by_word("late", "orders.late_cause", [o["late_cause"] for o in orders]),
            "n_trades": sum(t["interval"] == k for t in self.trades),
            "generation_wh": row["solar_wh"] + row["wind_wh"],
            "import_wh": plus(net), "export_wh": plus(-net),
            **self.limited(k, cells),
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

    def limited(self, k, cells):
        """What the community's connection did not carry, with the market and without it."""
        limits = [self.terms.limit_wh(name) for name in ("export_limit", "import_limit")]
        got, out = {name: column[k] for name, column in self.result.tables["slots"].items()}, {}
        for arm, column in (("", "metered_wh"), ("baseline_", "baseline_wh")):
            net = sum(c[column] for c in cells)
            out[arm + "overload_export_wh"] = 0 if limits[0] is None else plus(-net - limits[0])
            out[arm + "overload_import_wh"] = 0 if limits[1] is None else plus(net - limits[1])
            name = arm + "community_curtailed_wh"
            out[name] = got[name]  # /meters has it together with that of homes, and not of the baseline
            if limits[0] is None:
                out[name] = 0
            elif not arm and not self.terms.has_connections():
                out[name] = sum(c["curtailed_wh"] for c in cells)
            elif arm and all(self.sees_no_market):
                out[name] = out["community_curtailed_wh"]
            if out[name] > 0:
                self.expect(f"slot {k} curtails below its limit", -net >= limits[0], True)
        self.expect(f"slot {k} curtails more than there is",
                    out["community_curtailed_wh"] <= sum(c["curtailed_wh"] for c in cells), True)
        return out

    def from_the_start(self):
        """Discharge beyond what was charged during the run, less losses: energy the batteries began with."""
        if self.s["meters.delivery"] == "declared":
            return 0
        initial = 0
        for i in range(self.n):
            charged = own = 0
            share = float(self.terms.of(i, "storage.efficiency"))
            for c in self.cells[i::self.n]:
                charged += c["charge_wh"]
                used = min(c["discharge_wh"], floor(charged * share) - own)
                own += used
                initial += c["discharge_wh"] - used
        return initial

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

    def energy(self, out):
        rows = self.slot_rows
        for name in ("generation_wh", "load_wh", "import_wh", "export_wh", "traded_wh"):
            out[name] = sum(r[name] for r in rows)
        for name in ("ev_wh", "ev_unserved_wh", "heat_pump_wh", "heat_wh", "heat_unserved_wh", "curtailed_wh"):
            out[name] = sum(c[name] for c in self.cells)
        for arm in ("", "baseline_"):
            for name in LIMITED:
                out[arm + name] = sum(r[arm + name] for r in rows)
            out[arm + "n_overload_slots"] = sum(
                r[arm + "overload_import_wh"] + r[arm + "overload_export_wh"] > 0 for r in rows)
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
