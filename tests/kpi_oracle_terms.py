"""The terms of each home in each slot, from the words of the scenario: its kind and what that owns, prices by
time and by series, limits of connections, and how batteries are run."""
import csv
import datetime
from fractions import Fraction

from kpi_oracle_result import nanoseconds, ticks
from kpi_oracle_table import ownership, read_table, settings

# keys that a scenario does not have where nothing reads them
UNREAD = {"agents.beta": "market", "agents.traits": "paper", "connection": "none", "storage.wear": "0", "storage.controller": "none", "heat_pump.heat_loss_sd": "0"}
PRICES = [which + end for which in ("retail", "feed_in") for end in ("", "_by_time", "_series")]
A_KWH = {"EUR/MWh": 1000, "EUR/kWh": 10**6}  # ticks


def table(text):
    """{is_weekend: [(minute, ticks)]} of `0:00 0.24, 6:00 0.38; weekends 0:00 0.24`"""
    days = []
    for part in text.split(";"):
        day = []
        for entry in part.replace("weekends", "").split(","):
            clock, price = entry.split()
            hours, minutes = clock.split(":")
            day.append((60 * int(hours) + int(minutes), ticks(price)))
        days.append(day)
    return {False: days[0], True: days[-1]}


def at(prices, moment):
    """What stands last before a moment; in the small hours that of the day before."""
    past = [p for m, p in prices[moment.weekday() >= 5] if m <= 60 * moment.hour + moment.minute]
    yesterday = moment - datetime.timedelta(days=1)
    return past[-1] if past else prices[yesterday.weekday() >= 5][-1][1]


class Terms:
    """Of a scenario with kinds of households, or without, whose homes all have the scenario's own terms."""

    def __init__(self, scenario, names):
        """names: the kind of each meter, as /users has it"""
        self.s, self.names, self.series = scenario, names, {}
        self.rows = read_table(scenario["meters.inline"]) if "meters.inline" in scenario else []
        self.kinds = sorted({key.split(".")[1] for key in scenario if key.startswith("households.")}
                            | {row.get("kind", "home") for row in self.rows})
        self.n = len(self.rows) or (sum(int(scenario[f"households.{kind}.count"]) for kind in self.kinds) if self.kinds
                                    else int(scenario["meters.count"]))
        self.of_row = [settings(row) for row in self.rows] or [{}] * self.n
        self.owned = [ownership(row) for row in self.rows] or [{}] * self.n
        self.slot_ns = nanoseconds(scenario["slot"])
        self.start = datetime.datetime.fromisoformat(scenario["start_date"])

    def expected_names(self):
        """Kinds in the order of their names, each with its homes one behind the other."""
        if self.rows:
            return [row.get("kind", "home") for row in self.rows]
        return [kind for kind in self.kinds for _ in range(int(self.s[f"households.{kind}.count"]))] \
            or [""] * self.n

    def own(self, i, key):
        """What the row of a meter or its kind gives itself, or None."""
        if key in self.of_row[i]:
            return self.of_row[i][key]
        return self.s.get(f"households.{self.names[i]}.{key}") if self.names[i] else None

    def of(self, i, key):
        value = self.own(i, key)
        return self.s.get(key, UNREAD.get(key)) if value is None else value

    def owns(self, i, asset):
        """None where there are no kinds, which say it."""
        if not self.names[i]:
            return None
        if asset in self.owned[i]:
            return self.owned[i][asset]
        prefix = f"households.{self.names[i]}.{asset}."
        return self.own(i, asset) == "yes" or (self.own(i, asset) is None
                                               and any(key.startswith(prefix) for key in self.s))

    def name(self, i):
        if self.rows:
            return self.rows[i]["name"]
        return f"{self.names[i]} {1 + i - self.names.index(self.names[i])}"

    # ---- prices

    def at_time(self, text, moment):
        return at(table(text), moment)

    def of_series(self, name, factor, addition, moment):
        """factor x what the file holds at a moment of the local clock + addition, halves to even"""
        if name not in self.series:
            with open(self.s[f"series.{name}.file"]) as file:
                rows = list(csv.reader(file))
            a_kwh = A_KWH[rows[0][1].split("(")[1].rstrip(")")]
            self.series[name] = [(datetime.datetime.fromisoformat(stamp.rstrip("Z")), Fraction(value) * a_kwh)
                                 for stamp, value in rows[1:]]
        utc = moment - datetime.timedelta(hours=int(self.s["site.utc_offset"]))
        held = [price for stamp, price in self.series[name] if stamp <= utc][-1]
        return round(held * Fraction(factor)) + ticks(addition)

    def price(self, row, kind, which, moment):
        """The row's own words go before the kind's and those before the scenario's: times, then a series, then a
        number."""
        own, of_all = f"households.{kind}.tariff.{which}", f"tariff.{which}"
        terms = [self.s.get(own + end, self.s.get(of_all + end, default))
                 for end, default in (("_factor", "1"), ("_add", "0"))]
        for words, prefix in ((row, of_all), (self.s, own), (self.s, of_all)):
            if words.get(prefix + "_by_time", "none") != "none":
                return at(table(words[prefix + "_by_time"]), moment)
            if words.get(prefix + "_series", "none") != "none":
                return self.of_series(words[prefix + "_series"], *terms, moment)
            if prefix in words:
                return ticks(words[prefix])
        raise KeyError(of_all)

    def tariffs(self, k):
        """(retail, feed-in) of each meter in a slot."""
        moment = self.start + datetime.timedelta(microseconds=k * self.slot_ns // 1000)
        found, out = {}, []
        for name, row in zip(self.names, self.of_row):
            key = name, *(row.get("tariff." + word) for word in PRICES)
            if key not in found:
                found[key] = tuple(self.price(row, name, which, moment) for which in ("retail", "feed_in"))
            out.append(found[key])
        return out

    # ---- limits, batteries and plants

    def limit_wh(self, key):
        """Of the community in a slot; None: there is none."""
        text = self.s.get("community." + key, "none")
        return None if text == "none" else int(Fraction(text) * 1000 * self.slot_ns // (3600 * 10**9))

    def has_connections(self):
        return any(self.of(i, "connection") != "none" for i in range(self.n))

    def is_greedy(self, i):
        return self.owns(i, "storage") is False or self.of(i, "storage.controller") == "greedy"

    def runs_by_plan(self, i):
        """A car or a heat pump that waits for prices, which trades may change: not as with the grid alone."""
        return any(self.owns(i, asset) and self.of(i, asset + ".controller") != "at_once"
                   for asset in ("ev", "heat_pump"))

    def sees_no_market(self, i):
        return self.is_greedy(i) and not self.runs_by_plan(i)

    def wear(self, i):
        return ticks(self.of(i, "storage.wear"))

    def size(self, i, key):
        """As the scenario gives it; a heat pump that is sized makes what is lost at the design temperature.
        None where homes lose heat differently."""
        if self.of(i, key) != "sized":
            return float(self.of(i, key))
        if float(self.of(i, "heat_pump.heat_loss_sd")) > 0 and "heat_pump.heat_loss" not in self.of_row[i]:
            return None
        return self.sized(i, float(self.of(i, "heat_pump.heat_loss")))

    def sized(self, i, loss):
        """The kW of a pump of a home that loses so many W/K."""
        limit, flow, design = (float(self.of(i, "heat_pump." + word)) for word in ("limit", "flow", "design_temperature"))
        lift = min(max(flow - design, 15), 60)
        return loss * (limit - design) / 1000 / (6.81 - 0.121 * lift + 0.00063 * lift * lift)

    def exact(self, i, asset, key):
        """A size that a kind gives without a spread of its own; 0 without the asset; None: it is drawn."""
        if not self.names[i]:
            return None
        if asset and not self.owns(i, asset):
            return 0.0
        if not asset and self.own(i, "load.series"):
            return None
        value, spread = self.own(i, key), self.own(i, (asset or "load") + ".size_sd")
        if key in self.of_row[i]:
            return float(value)
        return float(value) if value is not None and float(spread or 0) == 0 else None
