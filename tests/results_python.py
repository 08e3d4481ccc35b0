"""Reads the sample results the way a Python user would, and says what it saw as TAP."""
import sys

import h5py
import numpy as np

folder = sys.argv[1]
count = 0


def check(ok, sentence):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {sentence}")


def near(a, b):
    return abs(a - b) <= 1e-9 * max(1.0, abs(b))


groups = ["summary", "slots", "users", "orders", "trades", "blocks", "meters", "kinds", "provenance"]
with h5py.File(f"{folder}/paper.h5") as f:
    check(set(f) == set(groups),
          "h5py: every group is there")
    check(list(f["users/name"].asstr()) == ["S1", "S2", "S3", "S4", "B1", "B2", "B3", "B4"],
          "h5py: the names of the users are text")
    check(f["trades/price_buy"][5] == 492500, "h5py: a price is an exact integer")
    check(f["trades/price_buy"].attrs["units"] == "currency/kWh", "h5py: units are text")
    check("β" in f["provenance/scenario"].asstr()[()], "h5py: the scenario is UTF-8 text")
    check(len(f["provenance/libm"].asstr()[()]) >= 16, "h5py: the fingerprint of libm is text")
    silent = []
    f.visititems(lambda name, item: silent.append(name) if isinstance(item, h5py.Dataset)
                 and not {"units", "long_name"} <= set(item.attrs) else None)
    check(not silent, f"h5py: every dataset has units and a long_name {silent}")
    compact = []
    f.visititems(lambda name, item: compact.append(name) if isinstance(item, h5py.Dataset)
                 and item.id.get_create_plist().get_layout() == h5py.h5d.COMPACT else None)
    check(not compact, f"h5py: no dataset is compact, for R's ncdf4 opens no such file {compact}")
with h5py.File(f"{folder}/cases.h5", "r") as file:
    nodes = file["summary/chain.nodes"]
    check(nodes.dtype == np.float64 and bool(np.isnan(nodes[0])) and bool(np.isnan(nodes.attrs["_FillValue"]))
          and "_FillValue" not in h5py.File(f"{folder}/sweep.h5", "r")["summary/market.beta"].attrs,
          "h5py: so it has a _FillValue, and what is nowhere missing has none")

try:
    import xarray as xr
except ImportError:
    print(f"ok {count + 1} - xarray # SKIP xarray is not installed")
    print(f"1..{count + 1}")
    sys.exit(0)

for engine, module in (("h5netcdf", "h5netcdf"), ("netcdf4", "netCDF4")):
    try:
        __import__(module)
    except ImportError:
        check(True, f"{engine} # SKIP {module} is not installed")
        continue
    opened = {}
    for name in groups:
        try:
            with xr.open_dataset(f"{folder}/paper.h5", group=name, engine=engine) as ds:
                opened[name] = ds.load()
            check(len(opened[name].variables) > 0, f"{engine}: /{name} opens")
        except Exception as e:          # whatever it is, it is the finding
            check(False, f"{engine}: /{name} opens ({type(e).__name__}: {e})")
    if len(opened) < len(groups):
        continue
    users, trades, orders = opened["users"], opened["trades"], opened["orders"]
    blocks, slots = opened["blocks"], opened["slots"]
    check(near(float(users["cost"][6]), 425.6875), f"{engine}: money decodes to currency")
    check(near(float(trades["price_buy"][5]), 0.4925), f"{engine}: prices decode to currency/kWh")
    check([str(n) for n in users["name"].values][:2] == ["S1", "S2"], f"{engine}: names are text")
    check(slots["time"].dtype.kind == "M" and str(slots["time"].values[0])[:10] == "2023-06-01",
          f"{engine}: times decode to dates")
    check(bool(np.isnat(orders["stable"].values[7])) and not np.isnat(orders["stable"].values[6]),
          f"{engine}: a time that never came is NaT")
    check(int(orders["stable"].values[6].astype("datetime64[ns]").astype("int64"))
          - int(np.datetime64("2023-06-01", "ns").astype("int64")) == 6000000400,
          f"{engine}: a time is exact to the nanosecond")
    check(blocks["hash"].shape == (2, 32) and int(blocks["hash"][1, 31]) == 2,
          f"{engine}: hashes are bytes")
    check(list(trades["status"].attrs["flag_meanings"].split()) == ["pending", "settled", "void"]
          and list(trades["status"].attrs["flag_values"]) == [0, 1, 2],
          f"{engine}: flags say what they mean")
    meters = opened["meters"]
    check(near(float(meters["cost"].sum()), float(users["cost"].sum()))
          and int(meters["metered_wh"].where(meters["meter"] == 6).sum()) == 830000,
          f"{engine}: meters have a row a slot")
    check(opened["summary"].sizes["trial"] == 1 and "trial" in opened["summary"].coords,
          f"{engine}: the summary is indexed by trial")
    check(str(opened["provenance"]["version"].values) == "0.1.0", f"{engine}: provenance is text")
    gaps = {}
    for name in ("orders", "trades"):
        with xr.open_dataset(f"{folder}/missing.h5", group=name, engine=engine) as ds:
            gaps[name] = ds.load().to_dataframe()
    check(list(gaps["orders"]["number"].isna()) == [False] * 8 + [True, False]
          and gaps["orders"]["number"].iloc[9] == 8,
          f"{engine}: an order that was not accepted has no number")
    check(list(gaps["orders"]["beta"].isna()) == [True] * 9 + [False]
          and near(gaps["orders"]["beta"].iloc[9], 0.25),
          f"{engine}: a beta that is the market's is missing, not negative")
    check(list(gaps["trades"]["settled_height"].isna()) == [False] * 6 + [True]
          and gaps["trades"]["settled_height"].iloc[0] == 2,
          f"{engine}: a trade that was not settled has no height")
    with xr.open_dataset(f"{folder}/sweep.h5", group="summary", engine=engine) as ds:
        table = ds.load().to_dataframe()
    check(sorted(set(table["market.beta"])) == [0, 0.25, 0.5, 0.75, 1],
          f"{engine}: a varied number is a column of numbers")
    check(set(table["market.books"]) == {"pooled"}, f"{engine}: a varied word is a column of text")
    means = table.groupby(["market.beta", "meters.count"])["gain_per_user_day"].mean()
    check(len(means) == 10 and bool(np.isfinite(means).all()), f"{engine}: pandas groups by them")
    with xr.open_dataset(f"{folder}/cases.h5", group="summary", engine=engine) as ds:
        table = ds.load().to_dataframe()
    check(list(table["chain.nodes"].isna()) == [True] + [False] * 4
          and list(table["chain.nodes"][1:]) == [4, 4, 7, 7] and table["chain.nodes"].dtype == float,
          f"{engine}: a varied number is missing where nothing reads its key")
    check(list(table["chain.delay"]) == ["-"] + ["constant 20 ms", "constant 40 ms"] * 2,
          f"{engine}: a varied text is '-' there")
print(f"1..{count}")
