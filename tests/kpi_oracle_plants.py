"""Plants of homes within what their kinds and rows say: batteries and connections within their power, cars and heat
pumps with the needs of their sessions and homes, shade."""
from fractions import Fraction
from itertools import combinations
from math import ceil

from kpi_oracle_result import plus


class Plants:
    def hours(self):
        return Fraction(self.slot_ns, 3600 * 10**9)

    def kw_wh(self, i, key):
        """Wh of a slot at a power in kW."""
        return Fraction(self.terms.of(i, key)) * 1000 * self.hours()

    def heat_needed(self, i):
        """Wh of a slot, of an air that stays as it is; None: it does not, or how much the home loses is drawn."""
        t, key = self.terms, "heat_pump.heat_loss"
        if not self.is_steady() or key not in t.of_row[i] and float(t.of(i, "heat_pump.heat_loss_sd")) > 0:
            return None
        degrees = Fraction(t.of(i, "heat_pump.limit")) - Fraction(self.s["site.temperature"])
        return Fraction(t.of(i, key)) * plus(degrees) * self.hours()

    def session_needs(self, i):
        """Wh of each session that the run touches: what it cuts off owes a share. None: times are drawn."""
        t = self.terms
        if any(float(t.of(i, f"ev.{word}_sd")) > 0 for word in ("arrival", "departure")):
            return None
        arrival, length = float(t.of(i, "ev.arrival")), t.of(i, "ev.plugged_in")
        departure = t.of(i, "ev.departure")
        length = float(length) if departure in (None, "none") else (float(departure) - arrival) % 24
        ends = self.n_slots * float(self.hours())
        shares = [max(0, min(24 * day + arrival + length, ends) - max(24 * day + arrival, 0)) / length for day in range(-1, 1 + ceil(ends / 24))]
        return [1000 * float(t.of(i, "ev.energy")) * share for share in shares if share > 0]

    def check_plants(self):
        if self.s["meters.delivery"] == "declared" or not self.terms.kinds:
            return
        for i in range(self.n):
            self.check_powers(i, self.cells[i::self.n])
            self.check_needs(i, self.cells[i::self.n])

    def check_powers(self, i, own):
        t = self.terms
        if t.owns(i, "storage"):
            most = max(c["charge_wh"] + c["discharge_wh"] for c in own)
            self.expect(f"meter {i}'s battery within its power: {most}", most <= self.kw_wh(i, "storage.power") + 1, True)
        if t.of(i, "connection") != "none":
            most = max(plus(-c["metered_wh"]) for c in own)
            self.expect(f"meter {i} feeds in within its connection: {most}", most <= int(self.kw_wh(i, "connection")), True)
        if float(t.of_row[i].get("shading", 0)) == 1:
            self.expect(f"meter {i} has light in full shade", sum(c["solar_wh"] + c["curtailed_wh"] for c in own
                                                                   if not t.owns(i, "wind")), 0)

    def check_needs(self, i, own):
        t = self.terms
        if t.owns(i, "heat_pump") and self.heat_needed(i) is not None:
            got = sum(c["heat_wh"] + c["heat_unserved_wh"] for c in own)
            self.expect(f"meter {i}'s home needs heat, got or not: {got}, expected {float(self.heat_needed(i) * len(own))}",
                        abs(got - self.heat_needed(i) * len(own)) <= 1, True)
        needs = self.session_needs(i) if t.of_row[i].get("ev.energy") and t.owns(i, "ev") else None
        if needs is not None:
            got = sum(c["ev_wh"] + c["ev_unserved_wh"] for c in own)
            sums = [sum(some) for n in range(len(needs) + 1) for some in combinations(needs, n)]
            self.expect(f"meter {i}'s car: {got} Wh of {sums}", any(abs(got - wh) <= 2 for wh in sums), True)
