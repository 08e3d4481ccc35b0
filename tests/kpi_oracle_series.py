"""Measured loads and generation: up to any slot a home has used, or made, what its column of the file says, within a Wh."""
import csv
import datetime
from fractions import Fraction


class Series:
    def check_loads(self):
        t = self.terms
        for kind in t.kinds:
            homes = [i for i in range(self.n) if t.names[i] == kind]
            for column, i in enumerate(homes):
                for section, of_cell in (("load", lambda c: c["load_wh"] - c["ev_wh"] - c["heat_pump_wh"]),
                                         ("pv", lambda c: c["solar_wh"] + c["curtailed_wh"])):
                    name = self.s.get(f"households.{kind}.{section}.series", "none")
                    if name != "none" and not (section == "pv" and t.owns(i, "wind")):
                        self.check_measured(i, self.powers(name, column), of_cell)

    def powers(self, name, column):
        """(begin of the hour, kW) of a file, read once."""
        if name not in self.files:
            with open(self.s[f"series.{name}.file"]) as file:
                self.files[name] = [(datetime.datetime.fromisoformat(stamp.rstrip("Z")), *map(Fraction, powers))
                                    for stamp, *powers in list(csv.reader(file))[1:]]
        return [(row[0], row[1 + column]) for row in self.files[name]]

    def said_kw(self, name, column, k):
        """The kW that a file has for a slot."""
        moment = self.terms.start - datetime.timedelta(hours=int(self.s["site.utc_offset"]),
                                                       microseconds=-(k * self.slot_ns // 1000))
        return [kw for stamp, kw in self.powers(name, column) if stamp <= moment][-1]

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
