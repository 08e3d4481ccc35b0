"""Cells, a meter in a slot: what the tables must hold of themselves, what settles, and what each cell pays."""
from kpi_oracle_result import plus


class Cells:
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
        for k in self.slots:
            if not self.missed[k]:
                self.check_cut([o for o in self.accepted if o["interval"] == k], k)
        self.expect("/meters rows", [(c["interval"], c["meter"]) for c in self.cells],
                    [(k, i) for k in self.slots for i in range(self.n)])
        self.expect("missed slots of the ideal",
                    self.s["chain.protocol"] == "ideal" and any(self.missed), False)
        self.expect("/blocks heights", [b["height"] for b in self.blocks],
                    list(range(1, len(self.blocks) + 1)))

    def check_cut(self, orders, k):
        """Beyond the limits of the community the worst claims are cut before the match, the latest of equal ones
        first. Of a continuous market the quotes that stood at the gate are not in the rows of orders."""
        limits = {"sell": self.terms.limit_wh("export_limit"), "buy": self.terms.limit_wh("import_limit")}
        offers = {side: [o for o in orders if o["side"] == side] for side in limits}
        volume = {side: sum(o["quantity_wh"] for o in offers[side]) for side in limits}
        if self.s["market.mechanism"] in ("continuous", "grid_only"):
            return
        for side, other in (("sell", "buy"), ("buy", "sell")):
            over = 0 if limits[side] is None else plus(volume[side] - volume[other] - limits[side])
            sign = -1 if side == "sell" else 1
            for o in sorted(offers[side], key=lambda o: (sign * o["price"], -o["number"])):
                cut = min(over, o["quantity_wh"])
                self.expect(f"order {o['number']} of {k} cut_wh", o["cut_wh"], cut)
                over -= cut

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

    def bill(self, cell, ordered):
        """Of a slot whose reading came in time: what the grid charges, what was missed of trades (short,
        long), what deviates from a schedule (short, long), and what the schedule makes dearer."""
        m, x, k = cell["metered_wh"], cell["x"], cell["interval"]
        sold, bought, export, drawn = plus(-x), plus(x), plus(-m), plus(m)
        short, long = sold - min(sold, export), bought - min(bought, drawn)
        rest = plus(drawn - (bought - long)) - plus(export - (sold - short))
        units = self.tariff(cell, rest) + self.imbalance(k, short - long)
        scheduled = self.s.get("settlement.unmatched") == "scheduled"
        if not scheduled or not ordered or self.missed[cell["interval"]]:
            return units, short, long, 0, 0, 0
        off = m - ordered - (short - long)
        planned = self.tariff(cell, ordered - x) + self.imbalance(k, m - ordered)
        return planned, short, long, plus(off), plus(-off), planned - units

    def imbalance(self, k, wh):
        return plus(wh) * self.short[k] - plus(-wh) * self.long[k]

    def tariff(self, cell, wh, k=None):
        """Of a meter, in its own slot or in another one."""
        retail, feed_in = self.tariffs[cell["interval"] if k is None else k][cell["meter"]]
        return plus(wh) * retail - plus(-wh) * feed_in

    def gap_costs(self, cell):
        """What a slot without a reading may cost: at the tariff of the last slot of its gap, which ends at the
        next reading or before."""
        k, ends = cell["interval"], set()
        while k < self.n_slots and not self.cells[k * self.n + cell["meter"]]["is_read"]:
            ends.add(self.tariff(cell, cell["metered_wh"], k))
            k += 1
        return ends

    def runs_as_alone(self, cell):
        """A greedy battery sees no market; but where generation is curtailed for all together it sees others."""
        return self.sees_no_market[cell["meter"]] and \
            (self.terms.limit_wh("export_limit") is None or all(self.sees_no_market))

    def count_cells(self):
        ordered, cell = {}, {(c["interval"], c["meter"]): c for c in self.cells}
        for o in self.accepted:
            key = o["interval"], o["meter"]
            ordered[key] = ordered.get(key, 0) + (1 if o["side"] == "buy" else -1) * (o["quantity_wh"] - o["cut_wh"])
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
        self.charge(cell)
        for c in self.cells:
            where = f"meter {c['meter']} in {c['interval']} "
            is_read = c["is_read"] == 1
            self.expect(where + "metered_wh", c["metered_wh"], c["load_wh"] + c["charge_wh"]
                        - c["solar_wh"] - c["wind_wh"] - c["discharge_wh"])
            if self.runs_as_alone(c):
                self.expect(where + "runs as in the baseline", (c["metered_wh"], c["stored_wh"]),
                            (c["baseline_wh"], c["baseline_stored_wh"]))
            self.expect(where + "traded_wh", c["traded_wh"], c["x"])
            self.expect(where + "tariff", (c["retail"], c["feed_in"]), tuple(self.tariffs[c["interval"]][c["meter"]]))
            self.expect(where + "trades without a reading", not is_read and c["bought"] + c["sold"] > 0,
                        False)
            bill = self.bill(c, ordered.get((c["interval"], c["meter"]), 0)) if is_read else (0,) * 6
            c["computed"] = c["paid"] - c["earned"] + bill[0] + c["gap_cost"] + c["fees"]
            self.expect(where + "cost", c["cost"], c["computed"])
            for name, value in zip(("imbalance_short_wh", "imbalance_long_wh", "schedule_short_wh",
                                    "schedule_long_wh", "schedule_cost"), bill[1:]):
                c[name] = value
            c["tariff_cost"] = self.tariff(c, c["metered_wh"])
            c["alone"] = self.tariff(c, c["baseline_wh"])
            # what no reading told in time is billed later
            self.expect(where + "gap", c["gap_wh"], 0 if is_read else c["metered_wh"])
            self.expect(where + "gap's cost", c["gap_cost"] in ({0} if is_read else self.gap_costs(c)), True)

    def of_slot(self, k):
        return self.cells[k * self.n:(k + 1) * self.n]
