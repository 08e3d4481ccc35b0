"""The homes of meters.file, which a result holds as meters.inline: whose cells go before what their kind says."""
import csv

# columns whose cell takes the place of a kind's key
KEYS = {"pv_kw": "pv.size", "turbine_kw": "wind.turbine", "battery_kwh": "storage.capacity", "battery_kw": "storage.power",
        "battery_controller": "storage.controller", "ev_kw": "ev.power", "ev_kwh": "ev.energy",
        "ev_controller": "ev.controller", "heat_pump_kw": "heat_pump.power", "heat_loss": "heat_pump.heat_loss",
        "heat_pump_controller": "heat_pump.controller", "yearly_kwh": "load.yearly", "connection": "connection",
        "reserve_sell": "agents.reserve_sell", "reserve_buy": "agents.reserve_buy", "beta": "market.beta",
        "strategy": "agents.strategy", "shading": "shading"}
SIZES = {"pv": "pv_kw", "wind": "turbine_kw", "storage": "battery_kwh", "ev": "ev_kw", "heat_pump": "heat_pump_kw"}
WORDS = {"battery_controller", "ev_controller", "heat_pump_controller", "strategy", "retail", "feed_in"}


def read_table(text):
    """A dictionary a row, without its empty cells; decimal points for commas. text: its lines, or, of a table with
    tabs, a word with escapes"""
    if isinstance(text, str):
        text = text.encode().decode("unicode_escape").split("\n")
    lines = [line for line in text if line and not line.startswith("#")]
    between = max(",;\t|", key=lines[0].count)
    rows = []
    for cells in csv.DictReader(lines, delimiter=between):
        row = {"name" if name == "id" else name: cell for name, cell in cells.items() if cell}
        for name in set(row) - {"name", "kind"}:
            if name not in WORDS or between != "," and ":" not in row[name]:
                row[name] = row[name].replace(",", ".")
        rows.append(row)
    return sorted(rows, key=lambda row: row.get("kind", "home"))  # kind by kind, else as they stand


def settings(row):
    """{key of a kind: value} of a row: prices are numbers, times of day or the name of a series."""
    out = {key: row[column] for column, key in KEYS.items() if column in row}
    for which in ("retail", "feed_in"):
        cell = row.get(which, "")
        is_number = cell.replace(".", "").replace("-", "").isdigit()
        end = "_by_time" if ":" in cell else "" if is_number else "_series"
        if cell:
            out[f"tariff.{which}{end}"] = cell
    return out


def ownership(row):
    """{asset: has it one} where a cell says so."""
    return {asset: row[column] == "sized" or float(row[column]) > 0 for asset, column in SIZES.items() if column in row}
