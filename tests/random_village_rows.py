"""The homes of a random village one by one, as a table for meters.file: each column that there is, in any order, with
whatever stands between cells."""
COLUMNS = ("kind", "pv_kw", "tilt", "azimuth", "shading", "turbine_kw", "battery_kwh", "battery_kw", "battery_controller",
           "ev_kw", "ev_kwh", "ev_controller", "heat_pump_kw", "heat_loss", "heat_pump_controller", "yearly_kwh",
           "connection", "reserve_sell", "reserve_buy", "beta", "strategy", "retail", "feed_in")
ASSETS = (("pv", "pv_kw", ("tilt", "azimuth", "shading")), ("wind", "turbine_kw", ()),
          ("storage", "battery_kwh", ("battery_kw", "battery_controller")), ("ev", "ev_kw", ("ev_kwh", "ev_controller")),
          ("heat_pump", "heat_pump_kw", ("heat_loss", "heat_pump_controller")))
PLACES = (("x", "y"), ("lat", "lon"), ())


class Rows:
    def values(self, column):
        """One of a column; prices within the band of all."""
        low, high = self.middle - 0.3, self.middle + 0.4
        return {"pv_kw": (0, 2.5, 13), "tilt": (0, 35, 90), "azimuth": (0, 180, 263.5), "shading": (0, 0.25, 1),
                "turbine_kw": (0, 4), "battery_kwh": (0, 5, 9.5), "battery_kw": (1.5, 6),
                "battery_controller": ("greedy", "contract", "none"), "ev_kw": (0, 3.7, 22), "ev_kwh": (4, 12.5),
                "ev_controller": ("at_once", "before_departure"), "heat_pump_kw": (0, 2.5, "sized"),
                "heat_loss": (70, 210.5), "heat_pump_controller": ("at_once", "before_departure"),
                "yearly_kwh": (1100, 5200.5), "connection": (0.7, 3.3), "reserve_sell": (f"{self.middle:.6f}",),
                "reserve_buy": (f"{self.middle:.6f}",), "beta": ("0.25", "0.875001"),
                "strategy": ("truthful", "zip", "fixed_shade", "paper_beta"),
                "retail": (f"{self.between(self.middle, high):.6f}", self.prices_by_time(self.middle, high)),
                "feed_in": (f"{self.between(low, self.middle):.6f}", self.prices_by_time(low, self.middle)),
                "x": (-150, 20.5, 300), "y": (-90.25, 0), "lat": (48.001, 47.99), "lon": (11.002, 10.99)}[column]

    def owns(self, kind, asset):
        return any(line.startswith(f"households.{kind}.{asset}.") for line in self.lines)

    def row(self, kind, number, columns):
        """A cell about what a home does not own would be refused."""
        cells = {column: self.of("", "", *self.values(column)) for column in columns}
        for east, north in PLACES[:2]:
            if "" in (cells.get(east), cells.get(north)):
                cells.update({east: "", north: ""})
        cells.update(kind=kind, name=self.of(f"{kind} {number}", f"{kind.title()} Lane {number}", f"Lane {number}{kind}"))
        for asset, size, others in ASSETS:
            said = cells.get(size, "")
            if said == 0 or (said == "" and not self.owns(kind, asset)):
                cells.update(dict.fromkeys(others, ""))
        if f"households.{kind}.agents.beta" in self.given() or "agents.beta" in self.given():
            cells["beta"] = ""
        return cells

    def rows(self):
        """In place of the counts of kinds; rows in any order."""
        columns = [column for column in COLUMNS[1:] if self.chance(0.5)] + list(self.of(*PLACES))
        if self.mechanism == "uniform":
            columns = [column for column in columns if column != "beta"]
        if any(column in columns for column in ("tilt", "azimuth", "shading")) and self.chance(0.5):
            self.put("clouds.model", "drifting")
        rows = []
        for name in self.names:
            count = next(line for line in self.lines if line.startswith(f"households.{name}.count"))
            self.lines.remove(count)
            rows += [self.row(name, number, columns) for number in range(1, 1 + int(count.split()[1]))]
        self.draw.shuffle(rows)
        columns += ["kind", self.of("name", "id")]
        self.draw.shuffle(columns)
        self.table = columns, rows

    def places(self):
        """Some at one place, under clouds that drift over it, whose planes lie as their kinds say."""
        columns, rows = self.table
        columns += [column for column in ("x", "y") if column not in columns and "lat" not in columns]
        if "x" not in columns:
            return
        self.lines = [line for line in self.lines if not line.startswith("clouds.model")] + ["clouds.model: drifting"]
        for name in self.names:
            if f"households.{name}.pv.azimuth" not in self.given() and f"households.{name}.pv.size" in self.given():
                self.put(f"households.{name}.pv.azimuth", 200)
        for row in rows:
            row.update(x=20.5, y=0) if self.chance(0.7) else row.update({"x": row.get("x", ""), "y": row.get("y", "")})
            row.update(dict.fromkeys([column for column in ("tilt", "azimuth", "shading") if column in row], ""))

    def prices_of_rows(self):
        """The series in some cells, where the kind or all have its factor."""
        columns, rows = self.table
        for row in rows:
            for which in ("retail", "feed_in"):
                of_kind = f"households.{row['kind']}.tariff.{which}"
                gives = any(key.startswith(of_kind) for key in self.given())
                if which in columns and f"{of_kind if gives else 'tariff.' + which}_series" in self.given() and self.chance(0.5):
                    row[which] = "auction"

    def print_rows(self, path):
        """With decimal commas where those do not part cells; the first row may follow comments."""
        columns, rows = self.table
        between, point = self.of((",", "."), (";", "."), (";", ","), ("\t", ","), ("|", "."))

        def cell(value):
            text = str(value)
            if ":" in text:
                return '"' + text + '"'
            return text.replace(".", point) if text.replace(".", "").replace("-", "").isdigit() else text

        with open(path, "w") as file:
            if self.chance(0.5):
                print("# one; by, one", file=file)
            print(between.join(columns), file=file)
            for row in rows:
                print(between.join(cell(row["name" if column == "id" else column]) for column in columns), file=file)
