"""Measured loads and generation: up to any slot a home has used, or made, what its column of the file says, within a Wh."""
import csv
import datetime
from fractions import Fraction


class Series:
    def check_loads(self):
        t = self.terms
        for kind in t.kinds:
            name = self.s.get(f"households.{kind}.load.series", "none")
            if name != "none":
                with open(self.s[f"series.{name}.file"]) as file:
                    rows = [(datetime.datetime.fromisoformat(stamp.rstrip("Z")), *map(Fraction, powers))
                            for stamp, *powers in list(csv.reader(file))[1:]]
                has_sun = self.s.get(f"households.{kind}.pv.series") == name
                for column, i in enumerate(i for i in range(self.n) if t.names[i] == kind):
                    powers = [(row[0], row[1 + column]) for row in rows]
                    self.check_measured(i, powers, lambda c: c["load_wh"] - c["ev_wh"] - c["heat_pump_wh"])
                    if has_sun and not t.owns(i, "wind"):
                        self.check_measured(i, powers, lambda c: c["solar_wh"] + c["curtailed_wh"])

    def check_measured(self, i, powers, of_cell):
        """Powers of hours, which slots divide. Within a Wh; what cars and heat pumps draw is rounded by itself, too."""
        off = Fraction(2 + sum(self.size_of(i, column) > 0 for column in ("ev_kw", "heat_pump_kw")), 2)
        moment, used, said = self.terms.start - datetime.timedelta(hours=int(self.s["site.utc_offset"])), 0, Fraction(0)
        for c in self.cells[i::self.n]:
            power = [kw for stamp, kw in powers if stamp <= moment][-1]
            said += power * 1000 * self.hours()
            used += of_cell(c)
            self.expect(f"meter {i} has used or made {used} of {float(said)} Wh by slot {c['interval']}",
                        abs(used - said) <= off, True)
            moment += datetime.timedelta(microseconds=self.slot_ns // 1000)
