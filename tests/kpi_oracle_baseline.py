"""Cars, heat pumps and limits with the grid alone. /meters tells of them no more than what passed the meter: what cars
get is the same with the market, what pumps make follows from homes and air, and limits took what is left of the balance.
Each is held between bounds, which are equal wherever nothing hides it."""
from fractions import Fraction


class Baseline:
    def pump(self, i):
        """(heat, electricity) in Wh of a run, of an air that stays as it is: what a home needs or, of a pump that is too
        small for it, what its store held when the run began and all that it can make. None: it is not known."""
        t, own = self.terms, self.cells[i::self.n]
        if not self.is_steady() or not t.kinds or float(t.of(i, "heat_pump.store_loss")) > 0 or \
                self.n_slots * self.hours() > 24:  # as far as pumps plan
            return None
        need = sum(c["heat_wh"] + c["heat_unserved_wh"] for c in own)
        lift = min(max(float(t.of(i, "heat_pump.flow")) - float(self.s["site.temperature"]), 15), 60)
        cop = 6.81 - 0.121 * lift + 0.00063 * lift * lift
        most = self.size_of(i, "heat_pump_kw") * 1000 * float(self.hours()) * self.n_slots
        return min(need, most * cop + 1000 * float(t.of(i, "heat_pump.store"))), min(need / cop, most)

    def size_of(self, i, column):
        """Of what a home has, 0 where meters are declared."""
        size = self.result.tables["users"][column][i]
        return size if size > 0 else 0

    def is_steady(self):
        return self.s["site.temperature_model"] == "constant" and self.s["site.temperature_series"] == "none"

    def size_by_need(self, i, own):
        """(kW, by how much it may be off) of a pump that goes with a home whose loss is drawn: from what it needed."""
        t = self.terms
        degrees = Fraction(t.of(i, "heat_pump.limit")) - Fraction(self.s["site.temperature"])
        need = sum(c["heat_wh"] + c["heat_unserved_wh"] for c in own)
        if not self.is_steady() or degrees <= 0 or need == 0:
            return None
        loss = need / float(degrees * self.hours() * self.n_slots)
        size = t.sized(i, loss)
        return size, size / need

    # ---- what each meter did

    def limits_took(self, i, own, drawn):
        """Wh of generation, least and most; drawn: of its car and pump, likewise."""
        t = self.terms
        if not self.size_of(i, "battery_kwh"):
            left = sum(c["baseline_wh"] + c["solar_wh"] + c["wind_wh"] + c["curtailed_wh"] + c["ev_wh"]
                       + c["heat_pump_wh"] - c["load_wh"] for c in own)
            return max(left - drawn[1], 0), left - drawn[0]
        if self.runs_as_alone(own[0]):
            took = sum(c["curtailed_wh"] for c in own)
            return took, took
        limit = None if t.of(i, "connection") == "none" else int(self.kw_wh(i, "connection"))
        is_free = t.limit_wh("export_limit") is None
        return 0, sum(c["solar_wh"] + c["wind_wh"] + c["curtailed_wh"] for c in own
                      if not is_free or limit is not None and -c["baseline_wh"] >= limit - 1)

    def pump_of(self, i, own):
        """Bounds of its heat and of what it drew; None: they are not known."""
        if not self.size_of(i, "heat_pump_kw"):
            return (0, 0), (0, 0)
        if self.terms.of(i, "heat_pump.controller") == "at_once":
            heat, drew = (sum(c[name] for c in own) for name in ("heat_wh", "heat_pump_wh"))
            return (heat, heat), (drew, drew)
        known = self.pump(i)
        return known and tuple((wh - 1, wh + 1) for wh in known)

    def baseline(self, out):
        got = self.result.rows("summary")[0]
        has_limits = self.s["meters.delivery"] != "declared" and (
            self.terms.has_connections() or self.terms.limit_wh("export_limit") is not None)
        bounds = {"baseline_heat_wh": [0, 0], "baseline_heat_pump_wh": [0, 0], "baseline_curtailed_wh": [0, 0]}
        self.not_known = 0
        for i in range(self.n):
            own = self.cells[i::self.n]
            pump, car = self.pump_of(i, own), sum(c["ev_wh"] for c in own)
            if pump is None:
                self.not_known += 1
                pump = (0, sum(c["heat_wh"] + c["heat_unserved_wh"] for c in own)), (0, float("inf"))
            took = self.limits_took(i, own, [car + wh for wh in pump[1]]) if has_limits else (0, 0)
            for bound, part in zip(bounds.values(), (*pump, took)):
                bound[0] += part[0]
                bound[1] += part[1]
        for name, (least, most) in bounds.items():
            out[name] = got[name] if least <= got[name] <= most else round(least)
        out["baseline_ev_wh"], out["baseline_ev_unserved_wh"] = out["ev_wh"], out["ev_unserved_wh"]
        out["baseline_heat_unserved_wh"] = out["heat_wh"] + out["heat_unserved_wh"] - out["baseline_heat_wh"]
        self.width = {name: most - least for name, (least, most) in bounds.items()}
