"""Every key that a kind of households may have, and every column of meters.file, is read or refused.

    unread_of_kinds.py FOLDER [--long]     runs villages of several shapes there

Each key is changed alone, in one kind of a village; where a run takes it and no byte of the result's tables changes,
nothing read it. Villages differ in what keeps keys from being read: measured loads and generation, curves of turbines,
controllers, models of load, strategies. Each tries the keys that it is about; without --long there are few."""
import os
import random
import re
import subprocess
import sys

import h5py
import numpy as np

BASE = """format: 1
start_date: 2024-04-10
slots: 60
slot: 30 min
site: {temperature: 9}
tariff.retail_by_time: "0:00 0.5, 6:00 0.65, 11:00 0.42, 17:00 0.7"
series:
  one: {file: one.csv, unit: kW, label: start}
  other: {file: other.csv, unit: kW, label: start}
  two: {file: two.csv, unit: kW, label: start}
chain: {protocol: ideal}
output: {level: meters}
households:
  farm: {FARM, pv: {}, wind: {}, storage: {}, ev: {days: 1, energy: 8}, heat_pump: {}}
  flat: {FLAT, load: {yearly: 3000}}
"""
FARM = "households.farm."
# name: what the village has beside its base; which keys it is about
SHAPES = {
    "measured": (["load.series=one", "pv.series=one"], ("load.", "pv.")),
    "columns": (["load.series=two", "pv.series=two"], ("load.", "pv.")),
    "habits": ([".load.model=habits"], ("load.",)),
    "rotor": (["wind.rotor_diameter=5"], ("wind.",)),
    "table": (["wind.table=3 0, 6 1.2, 11 5, 20 5"], ("wind.",)),
    "power law": (["wind.profile=power_law", "wind.smoothing=turbulence"], ("wind.",)),
    "limits": (["ev.controller=price_limit", "heat_pump.controller=price_limit", "heat_pump.power=2",
                "heat_pump.store=5", "ev.departure=7", "storage.controller=price_threshold"],
               ("ev.", "heat_pump.", "storage.")),
    "distance": (["ev.distance=40", "ev.consumption=0.2", "storage.controller=schedule"], ("ev.", "storage.")),
    "at once": (["ev.controller=at_once", "heat_pump.controller=at_once", "storage.controller=none"],
                ("ev.", "heat_pump.", "storage.")),
    "reserves": (["agents.reserve_sell=0.4", "agents.reserve_buy=0.5"], ("agents.",)),
    "drawn": (["agents.beta=drawn"], ("agents.", "market.")),
    "by time": (["agents.beta=by_time", "agents.beta_by_time=0:00 0.2, 12:00 0.9"], ("agents.", "market.")),
    "adaptive": (["agents.beta=adaptive"], ("agents.", "market.")),
    **{name: ([f"agents.strategy={name}"], ("agents.", "market."))
       for name in ("truthful", "fixed_shade", "zi_c", "zip", "aa", "gdx", "mre", "vre", "mix")},
    "perfect": ([".forecast.kind=perfect"], ("load.", "pv.", "wind.")),
    "file": ([".forecast.kind=file", "load.forecast=other", "pv.forecast=other"], ("load.", "pv.")),
}
QUICK = ("measured", "columns", "rotor", "table")
# taken, though nothing here reads them
KNOWN = {
    ": wind.density_temperature": "the air is as warm in every slot as in the mean",
    "at once: storage.wear": "this battery rests",
    "at once: heat_pump.store": "it is full, and stays full, where heat is made when it is needed",
    "at once: heat_pump.store_loss": "there is no store",
    "distance: heat_pump.store_loss": "there is no store",
    "at once: heat_pump.controller": "without a store heat is made when it is needed",
    "at once: column heat_pump_controller": "likewise",
    "gdx: agents.gdx.discount": "one chance to quote in a slot, none behind it",
    "mix: agents.": "options of strategies that nobody in the mix follows",
}
TEXTS = {
    "load.series": ("one", "other"), "pv.series": ("one", "other"), "load.forecast": ("one",), "pv.forecast": ("one",),
    "wind.table": ("3 0, 6 1.2, 11 5, 20 5", "3 0, 5 2, 9 5, 20 5"),
    "storage.schedule": ("0:00 0.3, 6:00 -0.6, 9:00 1", "0:00 1, 12:00 -1"),
    "agents.beta_by_time": ("0:00 0.7", "0:00 0.2, 12:00 0.9"), "agents.mix": ("zip 1", "truthful 0.5, zip 0.5"),
    "tariff.retail_by_time": ("0:00 0.62",), "tariff.feed_in_by_time": ("0:00 0.3",),
}
COLUMNS = {
    "pv_kw": (3, 8), "tilt": (80,), "azimuth": (90,), "shading": (0.5,), "turbine_kw": (3,), "battery_kwh": (3, 20),
    "battery_kw": (0.3, 1), "battery_controller": ("none", "contract", "greedy"), "ev_kw": (2, 7), "ev_kwh": (3, 20),
    "ev_controller": ("at_once", "before_departure"), "heat_pump_kw": (1, 4), "heat_loss": (100, 400),
    "heat_pump_controller": ("at_once", "before_departure"), "yearly_kwh": (1000, 9000), "connection": (0.3,),
    "reserve_sell": (0.41,), "reserve_buy": (0.45,), "beta": (0.7,), "strategy": ("truthful", "zip"),
    "retail": (0.61,), "feed_in": (0.29,),
}
ABOUT = {"pv_kw": "pv.", "tilt": "pv.", "azimuth": "pv.", "shading": "pv.", "yearly_kwh": "load.", "turbine_kw": "wind.",
         "battery": "storage.", "ev": "ev.", "heat": "heat_pump.", "reserve": "agents.", "beta": "market."}


def print_series():
    draw = random.Random(4)
    for name, n in (("one", 1), ("other", 1), ("two", 2)):
        with open(name + ".csv", "w") as file:
            print("time", *(f"home{i} (kW)" for i in range(n)), sep=",", file=file)
            for hour in range(24 * 8):
                powers = (f"{0.8 * draw.random():.4f}" for _ in range(n))
                print(f"2024-04-{7 + hour // 24:02}T{hour % 24:02}:00Z", *powers, sep=",", file=file)


def values(key, default, takes):
    """Some to try; none: nobody knows any."""
    if key in TEXTS:
        return TEXTS[key]
    span = re.search(r"from (\S+) to (\S+)", takes)
    if not span:
        return [word for word in re.split(", | or ", takes.removeprefix("one of ")) if word != "a text"]
    low, high = float(span[1]), float(span[2])
    if takes.startswith("a price"):
        return 0.33, 0.45, 0.6
    try:
        usual = float(default)
    except ValueError:
        usual = (low + min(high, low + 100)) / 2
    several = [round(v, 6) for v in (usual / 2, usual * 1.5, usual + 0.01, low, min(high, low + 1), high)]
    return [int(v) if "whole" in takes else v for v in several if low <= v <= high and v != usual]


def keys():
    """Those that kinds may have, with values to try."""
    said = subprocess.run(["gridbourse", "list", "keys", "--markdown"], capture_output=True, text=True, check=True).stdout
    for key, default, takes in re.findall(r"^\| `([^`]+)` \| `?([^`|]*?)`? \| ([^|]*) \|", said, re.M):
        key = key.removeprefix("households.KIND.")
        if key.split(".")[0] in ("load", "pv", "wind", "storage", "ev", "heat_pump", "agents", "market", "tariff", "connection"):
            yield key, values(key, default, takes)


def run(scenario, settings, path):
    """What the run says against it; nothing: it ran."""
    words = [word for setting in settings for word in ("--set", setting)]
    done = subprocess.run(["gridbourse", "run", scenario, "-o", path, "--quiet", *words], capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def tables(path):
    found = {}

    def keep(name, item):
        if isinstance(item, h5py.Dataset) and not name.startswith(("provenance", "parameters")):
            data = item[()]
            found[name] = data.tolist() if data.dtype.kind == "O" else data.tobytes()
    with h5py.File(path) as file:
        file.visititems(keep)
    return found


class Campaign:
    def __init__(self):
        self.n, self.n_refused, self.unread, self.never = 0, 0, [], set()

    def judge(self, shape, name, base, runs):
        """Of what is tried with several values: does one of them change anything, or is it refused?"""
        was_taken = False
        for said in runs:
            if "every kind of households has that of the scenario" in said:
                self.never.add(name)
                return
            if not said:
                was_taken = True
                if tables("changed.h5") != base:
                    break
        else:
            if was_taken and not any(known in f"{shape}: {name}" for known in KNOWN):
                self.unread.append(f"{shape}: {name}")
            self.n_refused += not was_taken
        self.n += 1

    def try_keys(self, shape, base, settings, about):
        for key, tried in keys():
            others = [f"{FARM}{key}={value}" for value in tried if f"{FARM}{key}={value}" not in settings]
            if key not in self.never and others and key.startswith(about):
                self.judge(shape, key, base, (run("village.yaml", [*settings, other], "changed.h5") for other in others))

    def try_columns(self, shape, settings, about):
        print_rows()
        if said := run("listed.yaml", settings, "base.h5"):
            sys.exit(f"{shape}, homes in a list: {said}")
        base = tables("base.h5")
        for column, tried in COLUMNS.items():
            section = next((ABOUT[name] for name in ABOUT if column.startswith(name)), "")
            if section and section in about:
                self.judge(shape, "column " + column, base, (row_run(column, value, settings) for value in tried))


def print_rows(column="", value=""):
    with open("rows.csv", "w") as file:
        print("name", "kind", *[column] if column else [], sep=",", file=file)
        for name, kind, cell in (("a", "farm", value), ("b", "farm", value), ("c", "flat", "")):
            print(name, kind, *[cell] if column else [], sep=",", file=file)


def row_run(column, value, settings):
    print_rows(column, value)
    return run("listed.yaml", settings, "changed.h5")


def main(folder, *options):
    os.chdir(folder)
    print_series()
    for name, counts, behind in (("village", ("count: 2", "count: 3"), ""), ("listed", ("", ""), "meters: {file: rows.csv}\n")):
        text = BASE.replace("FARM", counts[0]).replace("FLAT", counts[1]).replace("{, ", "{")
        with open(name + ".yaml", "w") as file:
            file.write(text + behind)
    campaign = Campaign()
    shapes = SHAPES if "--long" in options else {name: SHAPES[name] for name in QUICK}
    for shape, (beside, about) in shapes.items():
        settings = [setting[1:] if setting[0] == "." else FARM + setting for setting in beside]
        if said := run("village.yaml", settings, "base.h5"):
            sys.exit(f"{shape}: {said}")
        campaign.try_keys(shape, tables("base.h5"), settings, about)
        campaign.try_columns(shape, settings, about)
    print(f"{campaign.n} keys and columns in {len(shapes)} villages, {campaign.n_refused} of them refused")
    for name in campaign.unread:
        print("taken, and read by nothing:", name)
    sys.exit(bool(campaign.unread))


main(*sys.argv[1:])
