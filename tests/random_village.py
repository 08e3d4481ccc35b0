"""Writes small random villages of kinds of households, and the prices that they read.

    random_village.py FOLDER FIRST COUNT        FOLDER/vN.yaml for each number, and vN.csv

Equal numbers give equal villages: what differs by kind, prices by time of day and by series, limits of homes
and of all together, how batteries, cars and heat pumps are run, fees, and how agents differ; and vN.rows, where its
homes are listed one by one."""
import datetime
import random
import sys

from random_village_agents import Agents
from random_village_rows import Rows
from random_village_series import Series

NAMES = ("barn", "farm", "flat", "mill", "shop", "terrace")


def times(draw, low, high):
    def day():
        hours = sorted(draw.sample(range(24), 1 + int(4 * draw.random())))
        return ", ".join(f"{hour}:00 {low + (high - low) * draw.random():.6f}" for hour in hours)
    return day() + ("; weekends " + day() if draw.random() < 0.4 else "")


class Village(Agents, Rows, Series):
    def __init__(self, number):
        self.number, self.draw = number, random.Random(number)
        self.lines, self.reads_prices, self.table = ["format: 1"], False, None
        self.more_days = 0  # of the files
        self.follows = set()  # prices that some kind does not give itself
        self.middle = self.between(-0.05, 0.3)  # between any feed-in and any retail

    def between(self, low, high):
        return low + (high - low) * self.draw.random()

    def of(self, *values):
        return values[int(len(values) * self.draw.random())]

    def chance(self, share):
        return self.draw.random() < share

    def put(self, key, value):
        self.lines.append(f"{key}: {value}")

    def maybe(self, key, *values):
        if self.chance(1 / 3):
            self.put(key, self.of(*values))

    # ---- prices

    def prices_by_time(self, low, high):
        return times(self.draw, low, high)

    def prices(self, prefix, is_of_all):
        """Of a kind that gives none, the scenario's count."""
        for which, low, high in (("retail", self.middle, self.middle + 0.4), ("feed_in", self.middle - 0.3, self.middle)):
            form = self.of("number", "times", "series", "none")
            if is_of_all and which not in self.follows and form == "series":
                form = "number"  # nobody would read its factor
            if form == "none" and not is_of_all:
                self.follows.add(which)
                continue
            if form == "times":
                self.put(f"{prefix}tariff.{which}_by_time", f'"{times(self.draw, low, high)}"')
            elif form == "series":  # the file has -100 to 100 EUR/MWh: between low and high
                self.reads_prices = True
                factor = self.between(0.2, 1) * (high - low) / 0.2
                self.put(f"{prefix}tariff.{which}_series", "auction")
                self.put(f"{prefix}tariff.{which}_factor", f"{factor:.4f}")
                self.put(f"{prefix}tariff.{which}_add", f"{(low + high) / 2:.6f}")
            else:
                self.put(f"{prefix}tariff.{which}", f"{self.between(low, high):.6f}")

    # ---- kinds

    def battery(self, prefix):
        self.put(prefix + "storage.capacity", self.of(2, 12, 12))
        self.put(prefix + "storage.power", self.of(1, 4))
        controller = self.of("greedy", "contract", "price_threshold", "schedule", "schedule", "none")
        self.put(prefix + "storage.controller", controller)
        if controller == "price_threshold":
            self.put(prefix + "storage.price_low", f"{self.middle:.4f}")
            self.put(prefix + "storage.price_high", f"{self.middle + 0.2:.4f}")
        if controller == "schedule":
            self.put(prefix + "storage.schedule", '"0:00 1, 2:00 -1.5, 4:00 0.7, 9:00 -2, 12:00 2"')
        for key, values in (("wear", (0.02, 0.1)), ("efficiency", (1, 0.7)), ("baseline", ("same", "greedy")), ("initial", (0, 1)),
                            ("loss", (0.01,))):
            self.maybe(f"{prefix}storage.{key}", *values)

    def heat_pump(self, prefix):
        self.put(prefix + "heat_pump.heat_loss", self.of(90, 180))
        self.put(prefix + "heat_pump.controller", self.of("at_once", "at_once", "before_departure", "price_limit"))
        size = self.of(("power", (1.5, 4)), ("design_temperature", (-5, -14)), ("heat_loss_sd", (0.3,)))
        for key, values in (size, ("flow", (35, 50)), ("store", (10, 2))):
            self.maybe(f"{prefix}heat_pump.{key}", *values)

    def kind(self, name):
        prefix = f"households.{name}."
        self.put(prefix + "count", self.of(1, 1, 2, 3))
        self.put(prefix + "load.yearly", self.of(900, 2500, 9000))
        self.maybe(prefix + "load.size_sd", 0, 0.4)
        if self.chance(0.6):
            self.put(prefix + "pv.size", self.of(3, 8, 20))
            self.maybe(prefix + "pv.size_sd", 0, 1.5)
        if self.chance(0.3):
            self.put(prefix + "wind.turbine", self.of(3, 10))
        if self.chance(0.5):
            self.battery(prefix)
        if self.chance(0.3):
            self.put(prefix + "ev.power", self.of(3.7, 11))
            self.put(prefix + "ev.controller", self.of("at_once", "at_once", "before_departure", "price_limit"))
        if self.chance(0.3):
            self.heat_pump(prefix)
        self.maybe(prefix + "connection", 0.5, 2, 6)
        self.maybe(prefix + "agents.strategy", "zip", "truthful", "fixed_shade", "aa")
        if self.chance(0.6):
            self.prices(prefix, False)
        else:
            self.follows |= {"retail", "feed_in"}

    def planes(self):
        """Of kinds whose generation is modelled, under a sky that is the same over one place."""
        self.put("clouds.local_share", 0)
        for name in self.names:
            if {f"households.{name}.pv.size"} <= self.given() and f"households.{name}.pv.series" not in self.given():
                for key, values in (("tilt", (0, 40, 90)), ("azimuth", (90, 180, 263.5)), ("shading", (0.2,))):
                    self.maybe(f"households.{name}.pv.{key}", *values)
        if self.table and self.chance(0.7):
            self.places()

    # ---- all of it

    def write(self):
        draw = self.draw
        self.date = datetime.date(2023, self.of(1, 4, 6, 10), 1 + int(28 * draw.random()))
        self.put("start_date", self.date)
        self.put("slot", self.of("15 min", "30 min", "60 min"))
        self.put("slots", self.of(8, 14, 20))
        self.offset = self.of(8, -4, -2)
        self.put("site.utc_offset", self.offset)  # slot 0 is at midnight, or about noon
        self.put("site.temperature", self.of(2, -5, 12))
        self.put("seed", int(1000 * draw.random()))
        self.names = sorted(draw.sample(NAMES, 1 + int(4 * draw.random())))
        for name in self.names:
            self.kind(name)
        self.prices("", True)
        if self.chance(0.5):
            self.put("community.export_limit", self.of(0.3, 2, 8.003))
        if self.chance(0.4):
            self.put("community.import_limit", self.of(0.5, 1, 3.001))
        self.mechanism = self.of("two_round", "continuous", "uniform")
        self.put("market.mechanism", self.mechanism)
        self.maybe("market.books", "pooled")
        self.maybe("settlement.unmatched", "scheduled")
        self.maybe("imbalance.short", f"{self.middle + 0.5:.4f}")
        self.maybe("imbalance.long", f"{self.middle - 0.4:.4f}")
        self.maybe("forecast.kind", "perfect", "persistence")
        self.put("chain.protocol", self.of("ideal", "pbft"))
        if self.lines[-1].endswith("pbft") and self.chance(0.6):  # readings come late
            self.put("chain.client_delay", self.of("exponential 60 s", "exponential 5 min", "exponential 10 min"))
            self.put("settlement.deadline", self.of("1 min", "5 min"))
        self.put("output.level", "meters")
        self.draw = random.Random(f"{self.number} behind")  # whatever comes further moves nothing before it
        self.fees()
        self.agents()
        if self.chance(0.4):
            self.rows()
        self.loads()
        self.draw = random.Random(f"{self.number} at last")
        if self.chance(0.3):
            self.deviant()
        if self.chance(0.5):
            self.forecasts()
        if self.chance(0.6):
            self.planes()
        if self.table:
            self.prices_of_rows()

    def print(self, path):
        self.print_loads(path)
        if self.reads_prices:
            self.put("series.auction", f"{{file: {path}.csv, label: start}}")
            first = datetime.datetime.combine(self.date, datetime.time()) - datetime.timedelta(days=2)
            with open(path + ".csv", "w") as file:
                print("time,day-ahead (EUR/MWh)", file=file)
                for hour in range(24 * (5 + self.more_days)):
                    moment = first + datetime.timedelta(hours=hour)
                    print(f"{moment:%Y-%m-%dT%H:%MZ},{self.between(-100, 100):.4f}", file=file)
        if self.table:
            self.print_rows(path + ".rows")
            self.put("meters.file", path + ".rows")
        with open(path + ".yaml", "w") as file:
            print("\n".join(self.lines), file=file)


def main(folder, first, count):
    for number in range(int(first), int(first) + int(count)):
        village = Village(number)
        village.write()
        village.print(f"{folder}/v{number}")


main(*sys.argv[1:])
