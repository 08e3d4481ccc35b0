"""Statistics of loads computed anew from the rows of /meters, held against the data of the figure
`measured`. With --export: those loads as a series, a column a home.

measured.py RESULT.h5 MEASURED.dat TIMES  columns `modelled`, in steps of so many slots
measured.py --export RESULT.h5 OUT.csv
"""
import sys

import h5py
import numpy as np


def loads(path):
    """Homes by slots (Wh, NaN where no row), seconds since local midnight, slot in seconds."""
    with h5py.File(path) as result:
        meters, slots = result["meters"], result["slots"]
        meter, interval = meters["meter"][()], meters["interval"][()]
        energy = meters["load_wh"][()] - meters["ev_wh"][()] - meters["heat_pump_wh"][()]
        time, offset = slots["time"][()], slots["utc_offset_s"][()]
        seconds = np.round(time / (1e9 if time.dtype.kind == "i" else 1)).astype(int)
        start = slots["interval"][()][0]
    power = np.full((meter.max() + 1, len(seconds)), np.nan)
    power[meter, interval - start] = energy
    clock = (seconds + offset - offset[0]) % 86400
    return power, clock, seconds[1] - seconds[0]


def export(path, out):
    power, _, slot = loads(path)
    first = np.datetime64("2023-03-24T23:00")  # local midnight of the scenario's start, UTC
    with open(out, "w", encoding="ascii") as file:
        print("time", *(f"home {h} (Wh)" for h in range(len(power))), sep=",", file=file)
        for i in range(power.shape[1]):
            print(str(first + np.timedelta64(int(i * slot), "s")) + "Z",
                  *(int(v) for v in power[:, i]), sep=",", file=file)


def statistics(path, times):
    power, clock, slot = loads(path)
    step = slot * times
    while clock[0] % step:
        power, clock = power[:, 1:], clock[1:]
    n = power.shape[1] // times
    power = power[:, : n * times].reshape(len(power), n, times).mean(axis=2)
    clock = clock[: n * times : times]
    x = power / power.mean(axis=1, keepdims=True)
    a_day = 86400 // step
    day = np.array([[home[clock == s * step].mean() for s in range(a_day)] for home in x])
    exceeded = np.quantile(x, 1 - np.arange(201) / 200, axis=1).T
    n_lags = min(n // 2, 2 * a_day) + 1
    variance = ((x - 1) ** 2).mean(axis=1)
    lags = [((x[:, lag:] - 1) * (x[:, : n - lag] - 1)).mean(axis=1) / variance
            for lag in range(n_lags)]
    return day, exceeded, np.array(lags).T, np.sort(np.sqrt(variance)), step


def band(rows):
    return np.quantile(rows, [0.1, 0.5, 0.9], axis=0).T


def blocks_of(path):
    blocks = [[]]
    empty = 0
    for line in open(path, encoding="utf8"):
        if line.startswith("#"):
            continue
        if line.strip():
            if empty >= 2 and blocks[-1]:
                blocks.append([])
            empty = 0
            blocks[-1].append([float(word) for word in line.split()])
        else:
            empty += 1
    return [np.array(block) for block in blocks]


def check(path, data, times):
    day, exceeded, lags, variation, step = statistics(path, times)
    blocks = blocks_of(data)
    hours = np.arange(max(len(day[0]) + 1, lags.shape[1])) * step / 3600
    expected = [np.column_stack((hours[: len(day[0]) + 1], np.vstack((band(day), band(day)[:1])))),
                np.column_stack((np.arange(201) / 2, band(exceeded))),
                np.column_stack((hours[: lags.shape[1]], band(lags))),
                np.column_stack(((np.arange(len(variation)) + 0.5) * 100 / len(variation),
                                 variation))]
    for number, rows in enumerate(expected):
        shown = blocks[number][: len(rows), : rows.shape[1]]
        if shown.shape != rows.shape or not np.allclose(shown, rows, rtol=1e-9, atol=1e-9):
            sys.exit(f"block {number} differs: {shown[:3]} {rows[:3]}")


if sys.argv[1] == "--export":
    export(*sys.argv[2:])
else:
    check(sys.argv[1], sys.argv[2], int(sys.argv[3]))
