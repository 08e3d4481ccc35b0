"""Prints the quotes that tests/test_learning.c expects: the published rules of ZIP, AA, GDX, MRE and
VRE, written a second time, for one home in a market from -0.1 to 0.3 currency/kWh.

usage: learning.py
"""
import math

LOW, HIGH = -100000, 300000  # ticks
ASK, BID = 0, 200000  # reserves
BUY, SELL = 0, 1


def philox(counter, key=(0, 0)):
    """Philox4x32-10 of Salmon et al. 2011, four words."""
    c, k, mask = list(counter), list(key), 0xFFFFFFFF
    for _ in range(10):
        a, b = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(b >> 32) ^ c[1] ^ k[0], b & mask, (a >> 32) ^ c[3] ^ k[1], a & mask]
        k = [(k[0] + 0x9E3779B9) & mask, (k[1] + 0xBB67AE85) & mask]
    return c


def uniforms(time, draw):
    w = philox((0, 0, time & 0xFFFFFFFF, draw))
    return [((w[i] << 20 | w[i + 1] >> 12) + 0.5) * 2.0**-52 for i in (0, 2)]


def ticks(x):
    return round(x) + LOW - 1


def held(side, price):
    return min(max(price, ASK if side == SELL else LOW), BID if side == BUY else HIGH)


# A shout: side, taken or not, quote, price; and what stands: buying, selling.
SHOUTS = [(SELL, True, 140000, 150000, (True, True)),
          (SELL, False, 60000, 0, (True, True)),
          (BUY, False, 90000, 0, (True, True)),
          (SELL, True, 20000, 30000, (False, True)),
          (SELL, True, 60000, 80000, (True, False)),
          (BUY, False, 170000, 0, (True, True)),
          (SELL, True, 110000, 110000, (False, False)),
          (SELL, False, 10000, 0, (False, True))]


def zip_quotes():
    (b, g), (buy, sell) = uniforms(0, 0), uniforms(0, 1)
    b, g = 0.1 + 0.4 * b, 0.1 * g
    limit = {BUY: BID - LOW + 1, SELL: ASK - LOW + 1}
    mu, gamma = {BUY: -(0.05 + 0.3 * buy), SELL: 0.05 + 0.3 * sell}, {BUY: 0, SELL: 0}

    def quotes():
        return [held(s, ticks(limit[s] * (1 + mu[s]))) for s in (BUY, SELL)]

    yield quotes()
    for count, (shouter, taken, quote, price, stands) in enumerate(SHOUTS, 1):
        q = (price if taken else quote) - LOW + 1
        for side in (BUY, SELL):
            p = limit[side] * (1 + mu[side])
            r, a = uniforms(count, side)
            if side == SELL:
                lift = taken and p <= q
                drop = stands[SELL] and p >= q and (taken or shouter == SELL)
                change = 1 if lift else -1 if drop else 0
            else:
                drop = taken and p >= q
                lift = stands[BUY] and p <= q and (taken or shouter == BUY)
                change = -1 if drop else 1 if lift else 0
            if change:
                tau = (1 + change * 0.05 * r) * q + change * 0.05 * a * (HIGH - LOW)
                gamma[side] = g * gamma[side] + (1 - g) * b * (tau - p)
                mu[side] = (p + gamma[side]) / limit[side] - 1
                mu[side] = max(mu[side], 0) if side == SELL else min(mu[side], 0)
        yield quotes()


def bisect(slope):
    """x / (e^x - 1) = slope, which falls from infinity to 0."""
    low, high = -200.0, 200.0
    for _ in range(200):
        x = (low + high) / 2
        if (x / math.expm1(x) if x else 1) > slope:
            low = x
        else:
            high = x
    return (low + high) / 2


def aa_target(limit, star, theta, r):
    def part(s, th):
        return math.expm1(s * th) / math.expm1(th) if th else s
    if limit <= star:
        return limit if r >= 0 else limit * (1 - part(-r, theta))
    if r >= 0:
        return star + (limit - star) * part(r, theta)
    slope = theta / math.expm1(theta) if theta else 1
    return star * (1 - part(-r, bisect((limit - star) / star * slope)))


def aa_shout(limit, star, theta, q):
    """The r whose target is q, by bisection: the target rises with r."""
    if limit <= star and q >= limit:
        return 0
    low, high = -1.0, 0.0 if limit <= star else 1.0
    if q >= limit:
        return high
    for _ in range(200):
        r = (low + high) / 2
        if aa_target(limit, star, theta, r) < q:
            low = r
        else:
            high = r
    return (low + high) / 2


def aa_quotes():
    top = HIGH - LOW + 2
    trades, theta, r, alphas = [], 0.0, {BUY: 0.0, SELL: 0.0}, []
    last = {BUY: 0.0, SELL: 0.0}
    star = None

    def own(side, x):
        return x if side == BUY else top - x

    limit = {BUY: BID - LOW + 1, SELL: own(SELL, ASK - LOW + 1)}

    def target(side):
        return aa_target(limit[side], own(side, round(star)), theta, r[side])

    def quotes():
        out = []
        for side in (BUY, SELL):
            if star is None:
                last[side] += (limit[side] - last[side]) / 3
                tau = last[side]
            else:
                tau = target(side)
            out.append(held(side, ticks(own(side, tau))))
        return out

    yield quotes()
    for shouter, taken, quote, price, _ in SHOUTS:
        q = (price if taken else quote) - LOW + 1
        alpha = None
        if taken:
            trades = (trades + [q])[-5:]
            weights = [0.9 ** i for i in range(len(trades))][::-1]
            star = sum(w * p for w, p in zip(weights, trades)) / sum(weights)
            alpha = math.sqrt(sum((p - star) ** 2 for p in trades) / len(trades)) / star
        for side in (BUY, SELL):
            tau, mine = target(side), own(side, q)
            if taken:
                way = -1 if tau >= mine else 1
            else:
                way = 1 if shouter == side and tau <= mine else 0
            if way:
                delta = (1 + way * 0.02) * aa_shout(limit[side], own(side, round(star)), theta,
                                                    mine) + way * 0.01
                r[side] = max(-1, min(1, r[side] + 0.4 * (delta - r[side])))
        if taken:
            alphas.append(alpha)
            low, high = min(alphas), max(alphas)
            if high > low:
                a = (alpha - low) / (high - low)
                theta += 0.4 * (10 * (1 - a * math.exp(2 * (a - 1))) - 8 - theta)
        yield quotes()
    # with a book: best bid 0.02, best ask 0.09
    for side, best, other in ((BUY, 20000, 90000), (SELL, 90000, 20000)):
        tau, best = target(side), own(side, best - LOW + 1)
        other = own(side, other - LOW + 1)
        x = other if other <= tau else tau if best >= tau else best + (tau - best) / 3
        yield [held(side, ticks(own(side, x)))]


def gdx_quote(side, heard, chances, discount, memory):
    top = HIGH - LOW + 2
    limit = (BID - LOW + 1) if side == BUY else top - (ASK - LOW + 1)
    kept, taken = [], 0
    for shouter, is_taken, quote in reversed(heard):
        taken += is_taken
        if taken > 2 * memory:
            break
        x = quote - LOW + 1
        kept.append((x if side == BUY else top - x, shouter == side, is_taken))

    def belief(p):
        yes = sum(1 for x, own, is_taken in kept if x <= p and (not own or is_taken))
        no = sum(1 for x, own, is_taken in kept if x >= p and own and not is_taken)
        return yes / (yes + no) if yes else 0

    knots = [(0, 0)] + [(x, belief(x)) for x in sorted({x for x, _, _ in kept})] + [(top, 1)]
    tried = []
    for (x0, f0), (x1, f1) in zip(knots, knots[1:]):
        for step in range(1, 9):
            t = step / 8
            p = x0 + t * (x1 - x0)
            if p <= limit:
                tried.append((p, f0 + (f1 - f0) * (3 * t * t - 2 * t ** 3)))
    value = 0
    for _ in range(chances):
        best, price = max(((f * (limit - p) + (1 - f) * discount * value, -p) for p, f in tried))
        value = best
    return held(side, ticks(-price if side == BUY else top + price))


def gdx_quotes():
    heard = []
    for shouter, taken, quote, price, _ in SHOUTS:
        if taken:  # the ask and the bid of a trade, around its price
            heard += [(SELL, True, quote), (BUY, True, 2 * price - quote)]
        else:
            heard.append((shouter, False, quote))
        yield [gdx_quote(side, heard, 1, 0.9, 2) for side in (BUY, SELL)]
    # wake-up 1 with a third of the time over: 1 + 2 * 2 chances are left
    yield [gdx_quote(side, heard, 5, 0.9, 2) for side in (BUY, SELL)]


def roth_erev_quotes(is_variant):
    """Twenty slots of a seller: each quote up to 0.15 sells 1 kWh, under vre 20 Wh, at 0.01 above
    itself."""
    first = 9 * 100000000 / 30  # X = 0.1 currency, in 1e-9
    q = [first] * 30
    for slot in range(20):
        weights = [math.exp((x - max(q)) / (0.1667 * first)) for x in q] if is_variant else q
        drawn, k = sum(weights) * uniforms(slot, 0)[0], 0
        while sum(weights[:k + 1]) <= drawn and k < 29:
            k += 1
        quote = held(SELL, ticks(ASK - LOW + 1 + (HIGH - ASK) * k / 29))
        gain = (quote + 10000 - ASK) * (20 if is_variant else 1000) if quote <= 150000 else 0
        q = [(1 - 0.1) * x + (gain * (1 - 0.2) if i == k else x * 0.2 / 29)
             for i, x in enumerate(q)]
        yield quote


for name, quotes in (("zip", zip_quotes()), ("aa", aa_quotes()), ("gdx", gdx_quotes()),
                     ("mre", roth_erev_quotes(False)), ("vre", roth_erev_quotes(True))):
    print(name, list(quotes))
