"""What the orders of a home ask for or offer in all is what it expected to draw or feed in, by the rules of forecasts:
what flowed in an earlier slot, or will; of measured homes also the day before, mixed with the truth and biased."""
from fractions import Fraction
from math import ceil

from kpi_oracle_result import nanoseconds

OFF_WH = 3  # of load, sun and wind each rounded
FLEXIBLE = ("storage", "ev", "heat_pump")


class Forecasts:
    def check_forecasts(self):
        """Of homes whose energy nothing but nature moves."""
        self.n_forecasts = {}
        if self.result.entries or self.s["meters.delivery"] == "declared" or not self.terms.kinds:
            return
        ordered = {}
        for o in self.orders:
            key = o["interval"], o["meter"]
            ordered[key] = ordered.get(key, 0) + (1 if o["side"] == "buy" else -1) * o["quantity_wh"]
        for i in range(self.n):
            if any(self.terms.owns(i, asset) and self.terms.of(i, asset + ".controller") != "none" for asset in FLEXIBLE) or self.terms.of(i, "connection") != "none" or \
                    self.s.get("community.export_limit", "none") != "none":
                continue
            self.flows = [(c["load_wh"], c["solar_wh"] + c["wind_wh"]) for c in self.cells[i::self.n]]
            for k in self.slots:
                expected = self.expected(i, k)
                if expected is not None and (k, i) in ordered:
                    self.expect(f"meter {i} orders {ordered[k, i]} Wh in {k}, and expects {float(expected)}",
                                abs(ordered[k, i] - expected) <= OFF_WH, True)
                    self.n_forecasts[self.s["forecast.kind"]] = self.n_forecasts.get(self.s["forecast.kind"], 0) + 1

    def net(self, k):
        return self.flows[k][0] - self.flows[k][1]

    def day(self):
        return 24 * 3600 * 10**9 // self.slot_ns

    def expected(self, i, k):
        """In Wh, drawn above 0; None: by draws of a model, or before the run. A slot that is over when bidding opens is read."""
        kind, day = self.s["forecast.kind"], self.day()
        last = k - 1 - ceil(nanoseconds(self.s["market.open"]) / self.slot_ns)
        if kind == "perfect":
            return self.net(k)
        before = {"persistence": [last], "yesterday": [k - day], "week": [k - 7 * day],
                  "week_mean": [k - d * day for d in range(1, 8)]}.get(kind)
        if before:
            return Fraction(sum(map(self.net, before)), len(before)) if min(before) >= 0 else None
        return self.of_measured(i, k) if k >= day else None

    def of_measured(self, i, k):
        """No model is of a file: it is expected as the day before, with skill and bias; or as a forecast says."""
        t, skill, whole = self.terms, Fraction(self.s.get("forecast.skill", "0")), 0
        makes = any(t.owns(i, asset) for asset in ("pv", "wind"))
        if t.owns(i, "wind") or not t.own(i, "load.series") or makes and not t.own(i, "pv.series"):
            return None
        for part, (sign, section, bias) in enumerate(((1, "load", "load_bias"), (-1, "pv", "generation_bias"))):
            if section == "pv" and not makes:
                continue
            if self.s["forecast.kind"] == "file" and t.of(i, section + ".forecast") not in (None, "none"):
                whole += sign * self.foretold(i, t.of(i, section + ".forecast"), k)  # as it stands
                continue
            believed = self.flows[k - self.day()][part] * (1 + Fraction(self.s.get("forecast." + bias, "0")))
            whole += sign * (skill * self.flows[k][part] + (1 - skill) * believed)
        return whole

    def foretold(self, i, name, k):
        """The Wh of a file with a column a home of the kind."""
        column = i - self.terms.names.index(self.terms.names[i])
        return self.said_kw(name, column, k) * 1000 * self.hours()
