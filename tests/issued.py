"""Forecasts with times of issue, made and held against the orders of a run.

issued.py --make SEED wide|long     a file of three homes' forecasts, in local time over the change of
                                    clocks of 31 March 2024 in Berlin; made at odd moments; rows in any order
issued.py FILE RESULT.h5            what each order of the run asks for is what the latest forecast says
                                    that was made by the last slot boundary before the order was sent
"""
import csv
import random
import sys
from datetime import datetime, timedelta
from fractions import Fraction

SLOT = timedelta(minutes=5)
START = datetime(2024, 3, 30, 23)  # UTC of the local midnight at which the run begins
CHANGE = datetime(2024, 3, 31, 1)  # UTC
FORM = "%Y-%m-%d %H:%M:%S"


def local(utc):
    return utc + timedelta(hours=2 if utc >= CHANGE else 1)


def to_utc(text):
    clock = datetime.strptime(text, FORM)
    summer = clock - timedelta(hours=2)
    return summer if summer >= CHANGE else clock - timedelta(hours=1)


def make(seed, form):
    random.seed(seed)
    rows, made = [], START - timedelta(minutes=97)
    while made < START + timedelta(hours=23):
        first = datetime(made.year, made.month, made.day, made.hour, made.minute // 5 * 5)
        for i in range(random.choice((24, 30, 36))):
            rows.append((made, first + i * SLOT, [random.randrange(1000) for _ in range(3)]))
        made += timedelta(minutes=random.randrange(17, 43), seconds=random.randrange(60))
    if form == "wide":
        random.shuffle(rows)
        print("made,about,h1 (kW),h2 (kW),h3 (kW)")
        for made, about, watts in rows:
            print(local(made).strftime(FORM), local(about).strftime(FORM),
                  *(w / 1000 for w in watts), sep=",")
        return
    entries = [(made, about, home, w) for made, about, watts in rows for home, w in enumerate(watts)]
    behind = entries[3:]  # the first three say in which order homes are
    random.shuffle(behind)
    print("home;made;about;P (kW)")
    for made, about, home, w in entries[:3] + behind:
        print(f"h{home + 1}", made.strftime("%Y-%m-%dT%H:%M:%SZ"), local(about).strftime(FORM), w / 1000,
              sep=";")


def rounded(x):
    """To the nearest whole number, halves away from zero."""
    return int(x + Fraction(1, 2))


def forecasts(path):
    """By time of issue: of each slot the whole Wh of each home."""
    issues = {}
    with open(path, encoding="ascii", newline="") as file:
        for row in csv.DictReader(file):
            watts = [Fraction(row[f"h{h} (kW)"]) * 1000 for h in (1, 2, 3)]
            issues.setdefault(to_utc(row["made"]), {})[to_utc(row["about"])] = watts
    for said in issues.values():
        before = [Fraction(0)] * 3
        for about in sorted(said):
            after = [b + w / 12 for b, w in zip(before, said[about])]
            said[about] = [rounded(a) - rounded(b) for a, b in zip(after, before)]
            before = after
    return issues


def check(path, result):
    import h5py

    issues = forecasts(path)
    n, n_later, leads = 0, 0, set()
    with h5py.File(result) as file:
        orders = file["orders"]
        columns = [orders[c][()] for c in ("interval", "meter", "quantity_wh", "sent", "action")]
    for interval, meter, wh, sent, action in zip(*columns):
        if action != 0:
            continue
        slot, about = int(sent) // (300 * 10**9), START + int(interval) * SLOT
        known = START + slot * SLOT
        said = [i for i in issues if i <= known and about in issues[i]]
        expected = issues[max(said)][about][meter]
        if expected != wh:
            sys.exit(f"slot {interval}, meter {meter}: {wh} Wh, not {expected} by {max(said)}")
        later = [i for i in issues if i > known and about in issues[i]]
        n_later += bool(later)  # a later one says something else
        leads.add(int(interval) - slot)
        n += 1
    if n < 700 or n_later < 300 or len(leads) < 3:
        sys.exit(f"{n} orders, {n_later} before another forecast, leads of {leads} slots prove little")


if sys.argv[1] == "--make":
    make(int(sys.argv[2]), sys.argv[3])
else:
    check(sys.argv[1], sys.argv[2])
