"""The market: orders, what became of them and why, prices of trades, and what the market could have gained."""
from fractions import Fraction
from math import sqrt

from kpi_oracle_result import LATE, PASSING, nanoseconds, plus, quantile, ratio


class Market:
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
        band = self.retail - self.feed_in  # the widest
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
                          if other != side and not other_is_cut
                          and (not by_source or 0 in (source, energy) or source == energy)
                          and (reserve >= limit if side == "buy" else limit >= reserve)]
                count["never_met" if any(suited) else "taken" if suited else "reserve"] += 1
        out["n_unmatched"] = sum(count.values())
        out["cut_wh"] = sum(o["cut_wh"] for o in self.orders if not self.missed[o["interval"]])
        out.update({"n_unmatched_" + cause: n for cause, n in count.items()})
