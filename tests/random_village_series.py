"""Measured loads and generation of a random village: of a kind a file with a column a home."""
import datetime


class Series:
    def loads(self):
        self.measured = {}
        for name in self.names:
            count = [int(line.split()[1]) for line in self.lines if line.startswith(f"households.{name}.count")]
            if count and count[0] > 1 and self.chance(0.4):
                self.measured[name] = count[0]
                unread = (f"households.{name}.load.yearly:", f"households.{name}.load.size_sd:")  # columns stand as they are
                self.lines = [line for line in self.lines if not line.startswith(unread)]
                self.put(f"households.{name}.load.series", "of-" + name)
                if not self.table and f"households.{name}.pv.size" in self.given() and self.chance(0.7):
                    self.put(f"households.{name}.pv.series", "sun-" + name)

    def forecasts(self):
        """Those whose orders follow from what flowed, over days enough to look back."""
        self.lines = [line for line in self.lines if not line.startswith(("forecast.", "slot:", "slots:", "community.export_limit"))]
        kind = self.of("conditional_mean", "file") if self.measured else self.of("yesterday", "week", "week", "week_mean")
        self.put("forecast.kind", kind)
        self.put("slot", "60 min")
        self.put("slots", 180 if kind.startswith("week") else 40)
        self.more_days = 8
        if kind in ("conditional_mean", "file"):
            for key, values in (("skill", (0.3, 1)), ("load_bias", (0.25, -0.4)), ("generation_bias", (0.5, -0.2))):
                self.maybe("forecast." + key, *values)
            moved = tuple(f"households.{name}.{word}" for name in self.measured for word in ("storage", "ev", "heat_pump", "connection"))
            self.lines = [line for line in self.lines if not line.startswith(moved)]
        for name in self.measured if kind == "file" else ():
            self.put(f"households.{name}.load.forecast", "of-" + name)
            if f"households.{name}.pv.series" in self.given():
                self.put(f"households.{name}.pv.forecast", "sun-" + name)

    def print_loads(self, path):
        first = datetime.datetime.combine(self.date, datetime.time()) - datetime.timedelta(days=2)
        files = [(prefix + name, count) for name, count in self.measured.items() for prefix in ("of-", "sun-")
                 if any(line.endswith(": " + prefix + name) for line in self.lines)]
        for name, count in files:
            self.put(f"series.{name}", f"{{file: {path}.{name}.csv, unit: kW, label: start}}")
            with open(f"{path}.{name}.csv", "w") as file:
                print("time", *(f"home{i} (kW)" for i in range(count)), sep=",", file=file)
                for hour in range(24 * (5 + self.more_days)):
                    powers = (f"{self.between(0, 3):.4f}" for _ in range(count))
                    print(f"{first + datetime.timedelta(hours=hour):%Y-%m-%dT%H:%MZ}", *powers, sep=",", file=file)
