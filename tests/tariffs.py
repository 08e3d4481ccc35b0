"""Bills under tariffs that differ, computed anew from a result's own scenario and tables.

tariffs.py RESULT               all cells of /meters, /users, /slots and /summary
tariffs.py --random SEED        settings of a random tariff, as words of a shell
tariffs.py --random-fees SEED   settings of random fees of trades, likewise
tariffs.py --prices SEED DATE   a file of hourly prices of ten days from the one before a date on
tariffs.py --tamper FROM TO P Q ...     a ledger with the first of some prices of its genesis changed
"""
import datetime
import fractions
import random
import re
import struct
import sys
import zoneinfo

KINDS = ("farm", "flat", "terrace")  # in the order of their names, as meters are numbered


def ticks(text):
    return round(float(text) * 1e6)


def flat(text, prefix=""):
    """A stored scenario as {key: text}: YAML of plain maps."""
    out, path = {}, []
    for line in text.splitlines():
        match = re.match(r"^( *)([\w.-]+):(?: (.*))?$", line)
        if not match or line.lstrip().startswith("#"):
            continue
        depth = len(match.group(1))
        path = [p for p in path if p[0] < depth] + [(depth, match.group(2))]
        if match.group(3):
            out[".".join(p[1] for p in path)] = match.group(3).split(" #")[0].strip().strip("\"'")
    return out


def table(text):
    """{is_weekend: [(minute, ticks)]}"""
    parts = [p.replace("weekends", "").strip() for p in text.split(";")]
    days = []
    for part in parts:
        day = []
        for entry in part.split(","):
            clock, price = entry.split()
            hours, minutes = clock.split(":")
            day.append((60 * int(hours) + int(minutes), ticks(price)))
        days.append(day)
    return {False: days[0], True: days[-1]}


def at(prices, moment):
    day, minute = moment, 60 * moment.hour + moment.minute
    past = [p for m, p in prices[day.weekday() >= 5] if m <= minute]
    return past[-1] if past else prices[(day - datetime.timedelta(days=1)).weekday() >= 5][-1][1]


class Tariff:
    def __init__(self, scenario):
        s = self.s = scenario
        self.zone = zoneinfo.ZoneInfo("Europe/Berlin")
        date = datetime.datetime.fromisoformat(s["start_date"]).replace(tzinfo=self.zone)
        self.start = date.astimezone(datetime.timezone.utc)
        self.kind, self.series = [], {}
        for kind in KINDS:
            self.kind += [kind] * int(s[f"households.{kind}.count"])

    def of_series(self, name, factor, addition, moment):
        """factor x what the file holds at a moment + addition"""
        if name not in self.series:
            with open(self.s[f"series.{name}.file"]) as file:
                rows = [line.strip().split(",") for line in file if not line.startswith("#")]
            a_kwh = {"EUR/MWh": 1000, "ct/kWh": 10000}[rows[0][1].split("(")[1].rstrip(")")]
            self.series[name] = [(datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")),
                                  fractions.Fraction(value) * a_kwh) for stamp, value in rows[1:]]
        held = [price for stamp, price in self.series[name] if stamp <= moment][-1]
        return round(held * fractions.Fraction(factor)) + ticks(addition)  # halves to even

    def price(self, kind, which, moment):
        own, of_all = f"households.{kind}.tariff.{which}", f"tariff.{which}"
        factors = [self.s.get(own + end, self.s.get(of_all + end, default))
                   for end, default in (("_factor", "1"), ("_add", "0"))]
        if own + "_by_time" in self.s:
            return at(table(self.s[own + "_by_time"]), moment)
        if own + "_series" in self.s:
            return self.of_series(self.s[own + "_series"], *factors, moment)
        if own in self.s:
            return ticks(self.s[own])
        times = self.s.get(f"tariff.{which}_by_time", "none")
        if times != "none":
            return at(table(times), moment)
        series = self.s.get(f"tariff.{which}_series", "none")
        return self.of_series(series, *factors, moment) if series != "none" else ticks(self.s[of_all])

    def of_slot(self, slot):
        """{kind: (retail, feed_in)}"""
        moment = (self.start + datetime.timedelta(minutes=15 * slot)).astimezone(self.zone)
        return {kind: (self.price(kind, "retail", moment), self.price(kind, "feed_in", moment))
                for kind in KINDS}


def fees(s):
    """{column of /users: (ticks of the buyer, of the seller)} a kWh traded"""
    def halves(name):
        fee, share = ticks(s.get(name, "0")), round(float(s.get(name + "_buyer_share", "0.5")) * 1e6)
        part, rest = divmod(fee * share, 10**6)
        part += rest > 500000 or (rest == 500000 and part % 2 == 1)  # to even
        return part, fee - part
    return {"network_fee_cost": halves("tariff.network_fee"), "levy_cost": (ticks(s.get("tariff.levies", "0")), 0),
            "market_fee_cost": halves("market.fee")}


def bill(prices, wh):
    return wh * (prices[0] if wh > 0 else prices[1])


def missed(traded, metered):
    if traded < 0:
        return -traded - min(-traded, max(-metered, 0))
    return min(traded, max(metered, 0)) - traded


def check(path):
    import h5py
    import numpy as np
    f = h5py.File(path)
    text = f["provenance"].attrs["scenario"] if "scenario" in f["provenance"].attrs else f["provenance/scenario"][()]
    s = flat(text.decode() if isinstance(text, bytes) else str(text))
    tariff = Tariff(s)
    read = {t: {c: f[t][c][:] for c in f[t]} for t in ("meters", "users", "slots", "summary", "trades", "orders")}
    m, t, u = read["meters"], read["trades"], read["users"]
    n = len(tariff.kind)
    n_slots = len(read["slots"]["interval"])
    warm_up = int(re.match(r"(\d+)", s.get("warm_up", "0")).group(1)) * 96 if "d" in s.get("warm_up", "0") else 0
    slots = [tariff.of_slot(k + warm_up) for k in range(n_slots)]
    cost = np.zeros((n_slots, n), dtype=object)
    traded = np.zeros((n_slots, n), dtype=object)
    at_retail, at_feed_in = [0] * n, [0] * n
    fee = fees(s)
    buyer_fee, seller_fee = (sum(part[side] for part in fee.values()) for side in (0, 1))
    paid_fees = {column: [0] * n for column in fee}
    for i in range(len(t["interval"])):
        if t["settled_height"][i] == np.iinfo(np.uint64).max or t["executed_wh"][i] == 0:
            continue
        k, b, v, wh = int(t["interval"][i]), int(t["buyer"][i]), int(t["seller"][i]), int(t["executed_wh"][i])
        cost[k, b] += wh * (int(t["price_buy"][i]) + buyer_fee)
        cost[k, v] -= wh * (int(t["price_sell"][i]) - seller_fee)
        for column, (of_buyer, of_seller) in fee.items():
            paid_fees[column][b] += wh * of_buyer
            paid_fees[column][v] += wh * of_seller
        if s.get("agents.fees") == "kept" and s.get("agents.strategy") != "zi_u":
            assert int(t["price_buy"][i]) + buyer_fee <= slots[k][tariff.kind[b]][0], ("buyer loses", k, b)
            assert int(t["price_sell"][i]) - seller_fee >= slots[k][tariff.kind[v]][1], ("seller loses", k, v)
        traded[k, b] += wh
        traded[k, v] -= wh
        at_retail[b] += wh * slots[k][tariff.kind[b]][0]
        at_feed_in[v] += wh * slots[k][tariff.kind[v]][1]
    ordered = np.zeros((n_slots, n), dtype=object)
    if s.get("settlement.unmatched") == "scheduled":
        words = {c: str(f["orders"][c].attrs["flag_meanings"].decode()
                        if isinstance(f["orders"][c].attrs["flag_meanings"], bytes)
                        else f["orders"][c].attrs["flag_meanings"]).split() for c in ("status", "side")}
        for i in range(len(read["orders"]["interval"])):
            if words["status"][read["orders"]["status"][i]] in ("ok", "accepted"):
                sign = 1 if words["side"][read["orders"]["side"][i]] == "buy" else -1
                ordered[int(read["orders"]["interval"][i]), int(read["orders"]["meter"][i])] += \
                    sign * int(read["orders"]["quantity_wh"][i])
    metered = np.zeros((n_slots, n), dtype=object)
    baseline, unread = metered.copy(), metered.copy()
    for i in range(len(m["interval"])):
        k, j = int(m["interval"][i]), int(m["meter"][i])
        metered[k, j], baseline[k, j] = int(m["metered_wh"][i]), int(m["baseline_wh"][i])
        unread[k, j] = int(not m["is_read"][i])
        assert int(m["traded_wh"][i]) == traded[k, j], ("traded", k, j)
    alone = [0] * n
    gap_difference = [0] * n
    for j in range(n):
        for k in range(n_slots):
            own = slots[k][tariff.kind[j]]
            alone[j] += bill(own, baseline[k, j])
            if unread[k, j]:  # a gap goes to its last slot's tariff: found from the cells themselves
                last = k
                while last + 1 < n_slots and unread[last + 1, j]:
                    last += 1
                i = k * n + j
                wh = metered[k, j]
                assert int(m["gap_wh"][i]) == wh, ("gap", k, j)
                ends = {bill(slots[e][tariff.kind[j]], wh) for e in range(k, last + 1)}
                assert int(m["gap_cost"][i]) in ends, ("gap cost", k, j)
                cost[k, j] += int(m["gap_cost"][i])
                gap_difference[j] += int(m["gap_cost"][i]) - bill(own, wh)
                continue
            high = max(p[0] for p in slots[k].values())
            low = min(p[1] for p in slots[k].values())
            short = s.get("imbalance.short", "retail")
            long = s.get("imbalance.long", "feed_in")
            prices = (high if short == "retail" else ticks(short), low if long == "feed_in" else ticks(long))
            lost = missed(traded[k, j], metered[k, j])
            off = 0
            if ordered[k, j] != 0 and not int(read["slots"]["status"][k]):
                off = metered[k, j] - ordered[k, j] - lost
            cost[k, j] += bill(own, metered[k, j] - traded[k, j] - lost - off) + bill(prices, lost) + bill(prices, off)
    for i in range(len(m["interval"])):
        k, j = int(m["interval"][i]), int(m["meter"][i])
        assert int(m["cost"][i]) == cost[k, j], ("cost of cell", k, j, int(m["cost"][i]), cost[k, j])
    for j in range(n):
        assert int(u["cost"][j]) == sum(cost[:, j]), ("cost of user", j)
        assert int(u["cost_grid_only"][j]) == alone[j], ("grid only", j)
        assert int(u["bought_at_retail"][j]) == at_retail[j], ("retail", j)
        assert int(u["sold_at_feed_in"][j]) == at_feed_in[j], ("feed-in", j)
        assert int(u["gap_difference"][j]) == gap_difference[j], ("gaps", j)
        for column in fee:
            assert int(u[column][j]) == paid_fees[column][j], (column, j)
    ceiling = 0
    for k in range(n_slots):
        assert int(read["slots"]["retail"][k]) == max(p[0] for p in slots[k].values()), ("retail", k)
        assert int(read["slots"]["feed_in"][k]) == min(p[1] for p in slots[k].values()), ("feed-in", k)
        # Wh by Wh would be the definition; sorted lists of prices come to the same
        deficits = sorted(((slots[k][tariff.kind[j]][0], int(metered[k, j])) for j in range(n) if metered[k, j] > 0), reverse=True)
        surpluses = sorted((slots[k][tariff.kind[j]][1], -int(metered[k, j])) for j in range(n) if metered[k, j] < 0)
        ceiling += sum(bill(slots[k][tariff.kind[j]], metered[k, j]) for j in range(n))
        left = min(sum(w for _, w in deficits), sum(w for _, w in surpluses))
        ends = []
        for side in (deficits, surpluses):
            total, steps = 0, []
            for price, wh in side:
                total += wh
                steps.append((total, price))
            ends.append(steps)
        done = 0
        for end in sorted({min(e, left) for steps in ends for e, _ in steps}):
            dear, cheap = (next(p for e, p in steps if e > done) if done < left else 0 for steps in ends)
            ceiling -= (end - done) * max(dear - cheap - buyer_fee - seller_fee, 0)
            done = end
    sums = read["summary"]
    spread = sum(int(t["executed_wh"][i]) * (int(t["price_buy"][i]) - int(t["price_sell"][i]))
                 for i in range(len(t["interval"])) if t["settled_height"][i] != np.iinfo(np.uint64).max)
    of_market = sum(paid_fees["market_fee_cost"])
    of_utility = sum(paid_fees["network_fee_cost"]) + sum(paid_fees["levy_cost"])
    for column in fee:
        assert int(sums[column][0]) == sum(paid_fees[column]), column
    assert int(sums["operator_balance"][0]) == spread + of_market, "operator"
    grid = int(sums["utility_revenue"][0]) - int(sums["utility_purchases"][0])
    assert cost.sum() == grid + of_utility + spread + of_market, "money is lost"
    assert int(sums["utility_margin_lost"][0]) == sum(alone) - grid - of_utility, "margin"
    assert int(sums["saving_ceiling"][0]) == sum(alone) - ceiling, "ceiling"
    assert int(sums["cost"][0]) == cost.sum() and int(sums["cost_grid_only"][0]) == sum(alone)
    assert int(sums["n_trades"][0]) > 0, "nothing was traded"
    losing = sum(int(u["cost"][j]) > alone[j] for j in range(n))
    print(f"{int(unread.sum())} unread, {int(sums['n_trades'][0])} trades, {losing} lose, "
          f"{int(sums['n_priced_out'][0])} priced out")


def random_settings(seed):
    draw = random.Random(seed)
    middle = draw.uniform(-0.2, 0.2)

    def times(low, high):
        hours = sorted(draw.sample(range(24), draw.randint(1, 6)))
        return ", ".join(f"{h}:{draw.choice(('00', '15', '45'))} {draw.uniform(low, high):.6f}" for h in hours)

    def both(low, high):
        return times(low, high) + draw.choice(("", "; weekends " + times(low, high)))

    up, down = (middle, middle + 0.4), (middle - 0.4, middle)
    return " ".join(f"--set '{key}={value}'" for key, value in (
        ("start_date", "2024-06-0" + str(draw.randint(1, 9))),
        ("tariff.retail_by_time", both(*up)), ("tariff.feed_in_by_time", both(*down)),
        ("households.terrace.tariff.feed_in", f"{draw.uniform(*down):.6f}"),
        ("households.farm.tariff.retail", f"{draw.uniform(*up):.6f}"),
        ("households.farm.tariff.feed_in_by_time", both(*down)),
        ("agents.strategy", draw.choice(("paper_beta", "zip", "aa", "gdx", "zi_u", "mre"))),
        ("market.mechanism", draw.choice(("two_round", "continuous", "mid_market_rate", "uniform")))))


def random_fees(seed):
    draw = random.Random(1000 + seed)
    return " ".join(f"--set '{key}={value}'" for key, value in (
        ("tariff.network_fee", f"{draw.uniform(0, 0.08):.6f}"),
        ("tariff.network_fee_buyer_share", f"{draw.random():.6f}"),
        ("tariff.levies", f"{draw.choice((0, draw.uniform(0, 0.05))):.6f}"),
        ("market.fee", f"{draw.uniform(0, 0.03):.6f}"),
        ("market.fee_buyer_share", f"{draw.random():.6f}"),
        ("agents.fees", draw.choice(("kept", "kept", "ignored")))))


def print_prices(seed, date):
    """-80 to 140 EUR/MWh, in UTC."""
    draw = random.Random(2000 + seed)
    first = datetime.datetime.fromisoformat(date) - datetime.timedelta(days=1)
    print("time,day-ahead (EUR/MWh)")
    for hour in range(240):
        print(f"{first + datetime.timedelta(hours=hour):%Y-%m-%dT%H:%MZ},{draw.uniform(-80, 140):.4f}")


def tamper(source, target, *prices):
    """Adds a tick to the first of prices that stand one behind the other in the genesis."""
    data = bytearray(open(source, "rb").read())
    place = data.find(struct.pack(f">{len(prices)}q", *prices))
    assert place >= 0, "the ledger holds no such prices"
    data[place:place + 8] = struct.pack(">q", prices[0] + 1)
    open(target, "wb").write(data)


if sys.argv[1] == "--random":
    print(random_settings(int(sys.argv[2])))
elif sys.argv[1] == "--random-fees":
    print(random_fees(int(sys.argv[2])))
elif sys.argv[1] == "--prices":
    print_prices(int(sys.argv[2]), sys.argv[3])
elif sys.argv[1] == "--tamper":
    tamper(sys.argv[2], sys.argv[3], *map(int, sys.argv[4:]))
else:
    check(sys.argv[1])
