"""What heat pumps draw and give, computed anew from the temperatures and tariffs of a scenario without trades.

heat_pumps.py --weather FILE    writes the temperatures of nine days, half hour by half hour
heat_pumps.py RESULT FILE       compares every slot of every meter of the result of a village under them
"""
import datetime
import math
import random
import sys

SLOT_H = 0.5
START = datetime.datetime(2024, 1, 15)
AHEAD = 51  # half hours of 25 h, and that at hand
# of each kind, as the test's scenario has it: W/K, degC, kW, kWh, 1/h
KINDS = {
    "atonce": {"rule": "at_once", "loss": 200.0, "flow": 45.0, "kw": 3.0, "store": 8.0, "share": 0.01},
    "cheap": {"rule": "cheap", "loss": 200.0, "flow": 45.0, "kw": 3.0, "store": 8.0, "share": 0.0},
    "leaky": {"rule": "cheap", "loss": 150.0, "flow": 35.0, "kw": 2.5, "store": 12.0, "share": 0.02},
    "limit": {"rule": "limit", "loss": 200.0, "flow": 45.0, "kw": 3.0, "store": 8.0, "share": 0.005},
    "weak": {"rule": "cheap", "loss": 200.0, "flow": 55.0, "kw": 1.2, "store": 4.0, "share": 0.0},
}


def weather():
    """[degC] from a day before the start on"""
    rng, level, out = random.Random(11), -2.0, []
    for i in range(9 * 48):
        level += rng.gauss(0, 0.3) - 0.01 * (level - 3)
        out.append(round(level + 4 * math.sin((i % 48) / 48 * 2 * math.pi - 2), 1))
    return out


def write(path):
    with open(path, "w", encoding="ascii") as file:
        file.write("time,air (C)\n")
        for i, degrees in enumerate(weather()):
            stamp = START + datetime.timedelta(days=-1, minutes=30 * i)
            file.write(f"{stamp.isoformat()}Z,{degrees}\n")


def cop(lift):
    lift = min(max(lift, 15), 60)
    return 6.81 - 0.121 * lift + 0.00063 * lift ** 2


def price(k):
    """ticks of the tariff"""
    hour = k * SLOT_H % 24
    return 250000 if hour < 6 or hour >= 22 else 520000 if 17 <= hour < 20 else 380000


class Home:
    def __init__(self, kind, n_slots, is_perfect):
        self.kind, self.n_slots, self.is_perfect = KINDS[kind], n_slots, is_perfect
        self.air = weather()[48:]
        self.before = weather()[:48]
        self.full = 1000 * self.kind["store"]
        self.stored = self.full
        self.keep = (1 - self.kind["share"]) ** SLOT_H
        self.room = 1000 * self.kind["kw"] * SLOT_H
        self.carried = [0, 0, 0]

    def expected(self, slot, now):
        """The air of a slot for one who knows that of `now`."""
        if slot > now and not self.is_perfect:
            slot -= 48 * math.ceil((slot - now) / 48)
            # the weather of a run begins 8 h before it
            slot = now if slot < -16 else slot
        return self.air[slot] if slot >= 0 else self.before[48 + slot]

    def need(self, degrees):
        return self.kind["loss"] * max(15 - degrees, 0) * SLOT_H

    def must(self, k):
        """What has to be in the store behind slot k."""
        rule, last = self.kind["rule"], min(k + AHEAD, self.n_slots) - 1
        if rule == "at_once":
            return self.full
        here = cop(self.kind["flow"] - self.air[k])
        waits = rule == "cheap" or price(k) > 300000
        must = self.full if last == self.n_slots - 1 else 0.0
        for j in range(last, k, -1):
            air = self.expected(j, k)
            factor = cop(self.kind["flow"] - air)
            # of equal ones the first: half a tick is no difference
            if waits and (rule == "limit" or price(j) * here / factor < price(k) - 0.5 * here / factor):
                must -= self.room * factor
            must = min(max((must + self.need(air)) / self.keep, 0), self.full)
        return must

    def slot(self, k):
        factor, need = cop(self.kind["flow"] - self.air[k]), self.need(self.air[k])
        kept = self.stored * self.keep
        made = min(max(self.must(k) + need - kept, 0), self.full + need - kept, self.room * factor)
        unserved = max(need - kept - made, 0)
        self.stored = min(max(kept + made - need, 0), self.full)
        return [self.whole(i, wh) for i, wh in enumerate((made / factor, need - unserved, unserved))]

    def whole(self, i, wh):
        micro = self.carried[i] + int(wh * 1e6 + 0.5)
        self.carried[i] = micro % 1000000
        return micro // 1000000


def compare(path, kind_of_forecast):
    import h5py
    names = ("heat_pump_wh", "heat_wh", "heat_unserved_wh")
    worst, sums = 0, [0, 0, 0]
    with h5py.File(path) as file:
        meters = {name: file["meters"][name][:] for name in names}
        kinds = [name.decode().split()[0] for name in file["users"]["name"][:]]
    n = len(kinds)
    n_slots = len(meters["heat_wh"]) // n
    for i, kind in enumerate(kinds):
        home = Home(kind, n_slots, kind_of_forecast == "perfect")
        for k in range(n_slots):
            for c, value in enumerate(home.slot(k)):
                got = int(meters[names[c]][k * n + i])
                sums[c] += got
                worst = max(worst, abs(got - value))
                if abs(got - value) > 1:  # a remainder at the edge of a Wh
                    print(f"{kind}, slot {k}: {names[c]} is {got}, not {value}")
                    return 1
    print(f"{n} homes, {n_slots} slots, {sums} Wh, at most {worst} Wh apart")
    return 0 if n == len(KINDS) and all(s > 100000 for s in sums[:2]) and sums[2] > 0 else 1


if __name__ == "__main__":
    if sys.argv[1] == "--weather":
        write(sys.argv[2])
    else:
        sys.exit(compare(sys.argv[1], sys.argv[2]))
