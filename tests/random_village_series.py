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
                    self.put(f"households.{name}.pv.series", "of-" + name)

    def print_loads(self, path):
        first = datetime.datetime.combine(self.date, datetime.time()) - datetime.timedelta(days=2)
        for name, count in self.measured.items():
            self.put(f"series.of-{name}", f"{{file: {path}.{name}.csv, unit: kW, label: start}}")
            with open(f"{path}.{name}.csv", "w") as file:
                print("time", *(f"home{i} (kW)" for i in range(count)), sep=",", file=file)
                for hour in range(120):
                    powers = (f"{self.between(0, 3):.4f}" for _ in range(count))
                    print(f"{first + datetime.timedelta(hours=hour):%Y-%m-%dT%H:%MZ}", *powers, sep=",", file=file)
