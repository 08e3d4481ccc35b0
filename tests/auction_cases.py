"""Other people's auctions, one case a file: each through `gridbourse clear` under the mechanism and the
options that its kind asks for. A kind that the table below does not know fails.

usage: auction_cases.py FOLDER WORK
"""
import collections
import csv
import json
import os
import subprocess
import sys
from fractions import Fraction

FOLDER, WORK = sys.argv[1:3]
# GB_MILLION=1 (make check-long) takes streams of a million orders through `clear` as well.
IS_LONG = os.environ.get("GB_MILLION") == "1"
Trade = collections.namedtuple("Trade", "seller buyer quantity price price_sell")


def clear(rows, *settings):
    """Trades of a book: rows are dicts with the columns of BOOK.csv."""
    path = os.path.join(WORK, "book.csv")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    command = ["gridbourse", "clear", path]
    for setting in settings:
        command += ["--set", "market." + setting]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    out = csv.DictReader(done.stdout.splitlines())
    return [Trade(row["seller"], row["buyer"], *(Fraction(row[name]) for name in
                  ("quantity", "price", "price_sell"))) for row in out]


def same(what, is_, expected):
    if is_ != expected:
        raise AssertionError(f"{what}: expected {expected}, got {is_}")


def orders(inputs):
    """Asks and bids as they stand in a case: dicts, or bare prices of `qty_each`."""
    rows = []
    for side, word in (("asks", "sell"), ("bids", "buy")):
        for i, order in enumerate(inputs[side]):
            if not isinstance(order, dict):
                order = {"price": order, "qty": inputs["qty_each"]}
            row = {"id": str(order.get("id", f"{word}{i}")), "side": word,
                   "price": order["price"], "quantity": order["qty"]}
            if "reserve" in order:
                row["reserve"] = order["reserve"]
            rows.append(row)
    return rows


def volume(trades):
    return sum(trade.quantity for trade in trades)


def exact(number):
    """A number of JSON as it is written there."""
    return Fraction(str(number))


def pairs(trades):
    return [(trade.seller, trade.buyer, trade.quantity, trade.price) for trade in trades]


# ---- one function a kind

def two_round(case):
    inputs, expected = case["inputs"], case["expected"]
    anchor = {"marginal_quote": "marginal_quote",
              "marginal_quote_filled_only": "marginal_quote_filled"}[expected["anchor"]]
    match = {"reserve": "within_reserve", "cross": "crossing"}[expected["match_round2"]]
    rounds = expected.get("requote_rounds", 1)
    rows = orders(inputs)
    trades = clear(rows, "mechanism=two_round", "books=pooled", "beta=" + inputs["beta"],
                   "requote.anchor=" + anchor, "requote.match=" + match,
                   "requote.rounds=" + (str(rounds) if rounds < 2 else "until_cross"))
    same("trades", pairs(trades), [(trade["ask"], trade["bid"], trade["qty"],
                                    Fraction(trade["price"])) for trade in expected["trades"]])
    for side, name, column in (("buy", "buyers_cost", "retail"),
                               ("sell", "sellers_revenue", "feed_in")):
        total = sum(exact(row["quantity"]) for row in rows if row["side"] == side)
        bill = sum(trade.quantity * trade.price for trade in trades)
        bill += (total - volume(trades)) * Fraction(inputs[column])
        same(name, bill, Fraction(expected[name]))


def discriminatory_mid(case):
    rows, expected = orders(case["inputs"]), case["expected"]
    trades = clear(rows, "mechanism=two_round", "requote.rounds=0")
    same("trades", pairs(trades), [(trade["ask"], trade["bid"], trade["qty"],
                                    Fraction(trade["price"])) for trade in expected["trades"]])
    trades = clear(rows, "mechanism=uniform")
    same("volume", volume(trades), expected["volume"])
    same("price", {trade.price for trade in trades},
         {Fraction(expected["uniform_price_mid_of_marginal_pair"])})


def uniform(k):
    def check(case):
        inputs, expected = case["inputs"], case["expected"]
        sets = inputs.get("sets", [inputs])
        wanted = expected.get("price_volume") or [(expected["price"], expected["volume"])]
        for book, (price, wanted_volume) in zip(sets, wanted):
            trades = clear(orders({"qty_each": inputs.get("qty_each"), **book}),
                           "mechanism=uniform", "k=" + k)
            same("volume", volume(trades), wanted_volume)
            same("price", {trade.price for trade in trades}, {exact(price)})
    return check


def equilibrium(case):
    expected = case["expected"]
    trades = clear(orders(case["inputs"]), "mechanism=uniform")
    low, high = expected.get("price_interval") or [expected["ce_price"]] * 2
    same("volume", volume(trades), expected.get("volume", expected.get("ce_quantity")))
    same("prices within", [low <= trade.price <= high for trade in trades], [True] * len(trades))


def fill_order(case):
    inputs = {side: [{"id": name, "qty": quantity, "price": price}
                     for name, quantity in case["inputs"][side]]
              for side, price in (("asks", 1), ("bids", 2))}
    trades = clear(orders(inputs), "mechanism=uniform")
    same("fills", [[trade.seller, trade.buyer, trade.quantity] for trade in trades],
         case["expected"]["fills"])
    same("volume", volume(trades), case["inputs"]["clearing_energy"])


def pay_as_bid(case):
    trades = clear(orders(case["inputs"]), "mechanism=pay_as_bid")
    same("trades", pairs(trades), [(str(trade["ask"]), str(trade["bid"]), trade["qty"],
                                    exact(trade["price"])) for trade in case["expected"]["trades"]])


def mcafee(case):
    expected = case["expected"]
    trades = clear(orders(case["inputs"]), "mechanism=mcafee")
    same("trades", len(trades), expected["n_trades"])
    same("surplus", sum(trade.quantity * (trade.price - trade.price_sell) for trade in trades),
         exact(expected["budget_surplus"]))
    for trade in trades:
        same("price", trade.price, exact(expected["price_buy"]))
        same("price to sellers", trade.price_sell, exact(expected["price_sell"]))


def huang(case):
    expected = case["expected"]
    trades = clear(orders(case["inputs"]), "mechanism=huang")
    sold, bought = collections.Counter(), collections.Counter()
    for trade in trades:
        sold[trade.seller] += trade.quantity
        bought[trade.buyer] += trade.quantity
        same("prices", (trade.price, trade.price_sell),
             (exact(expected["price_buy"]), exact(expected["price_sell"])))
    wanted_sold, wanted_bought = collections.Counter(), collections.Counter()
    for trade in expected["trades"]:
        if "ask" in trade:
            wanted_sold[str(trade["ask"])] += exact(trade["qty"])
        else:
            wanted_bought[str(trade["bid"])] += exact(trade["qty"])
    same("sold", sold, wanted_sold)
    same("bought", bought, wanted_bought)


def sequence(case):
    rows, left, sides = [], {}, {}
    for event in case["inputs"]["events"]:
        row = {"id": str(event["id"]), "side": event.get("side", ""),
               "price": event.get("price", ""), "quantity": event.get("qty", ""),
               "action": event["op"]}
        rows.append(row)
        if event["op"] == "add":
            left[row["id"]] = event["qty"]
            sides[row["id"]] = (event["side"], event["price"])
    trades = clear(rows, "mechanism=continuous", "trade_price=resting")
    wanted = []
    for trade in case["expected"]["trades"]:
        taker, maker = str(trade["taker"]), str(trade["maker"])
        seller, buyer = (taker, maker) if sides[taker][0] == "sell" else (maker, taker)
        wanted.append((seller, buyer, trade["qty"], trade["price"]))
    same("trades", pairs(trades), wanted)
    for trade in trades:
        left[trade.seller] -= trade.quantity
        left[trade.buyer] -= trade.quantity
    for row in rows:
        if row["action"] == "cancel":
            left[row["id"]] = 0
    if "resting" in case["expected"]:
        same("resting", {name: wh for name, wh in left.items() if wh},
             {str(order["id"]): order["open"] for order in case["expected"]["resting"]})
    for side, name in (("buy", "bids"), ("sell", "asks")):
        depth = collections.Counter()
        for order, wh in left.items():
            if wh and sides[order][0] == side:
                depth[sides[order][1]] += wh
        if "depth" in case["expected"]:
            same(name, sorted(depth.items()), sorted(map(tuple, case["expected"]["depth"][name])))


def stream(inputs, n):
    """The generator that the cases name: splitmix64."""
    mask, state, width, shift = 2**64 - 1, inputs["seed"], inputs["W"], inputs["shift"]
    for i in range(n):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
        r = z ^ z >> 31
        price = 10000 - width + (r >> 1 & 0xFFFFFFFF) % (2 * width)
        yield {"id": i, "side": "buy" if r & 1 else "sell",
               "price": price + (shift if r & 1 else -shift), "quantity": 1 + (r >> 40) % 100}


def call_volume(case):
    for n, wanted, surplus in zip(case["inputs"]["n"], case["expected"]["volume"],
                                  case["expected"]["max_surplus"]):
        rows = list(stream(case["inputs"], n))
        trades = clear(rows, "mechanism=uniform")
        same("volume", volume(trades), wanted)
        same("surplus", sum(trade.quantity * (rows[int(trade.buyer)]["price"] -
                                              rows[int(trade.seller)]["price"])
                            for trade in trades), surplus)


def stream_totals(case):
    if not IS_LONG:
        return "test_continuous has it; GB_MILLION=1 takes it through clear"
    expected = case["expected"]
    rows = list(stream(case["inputs"], case["inputs"]["n"]))
    trades = clear(rows, "mechanism=continuous", "trade_price=resting")
    left = [row["quantity"] for row in rows]
    for trade in trades:
        left[int(trade.seller)] -= trade.quantity
        left[int(trade.buyer)] -= trade.quantity
    same("trades", len(trades), expected["trades"])
    same("quantity", volume(trades), expected["qty"])
    same("value", sum(trade.quantity * trade.price for trade in trades), expected["value"])
    for side, name in (("buy", "resting_bids"), ("sell", "resting_asks")):
        same(name, sum(1 for row, wh in zip(rows, left) if wh and row["side"] == side),
             expected[name])
    return None


def tested_in(program, test):
    """A statistic, of many markets or of agents: a test in C has it, and is looked for."""
    def check(case):
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), program + ".c")
        with open(source) as file:
            same(f"{test} among the tests of {program}", f"TAP({test})" in file.read(), True)
    return check


def skipped(why):
    return lambda case: why


KINDS = {
    "two_round_beta": two_round,
    "call_market_discriminatory_mid": discriminatory_mid,
    "call_market_uniform_supply_marginal": uniform("0"),  # the dearest ask that sells
    "call_market_uniform_gsy": uniform("1"),  # the lowest bid that buys
    "call_market_volume": call_volume,
    "ce_interval": equilibrium,
    "ce_stepwise": equilibrium,
    "fill_order": fill_order,
    "pay_as_bid_gsy": pay_as_bid,
    "mcafee": mcafee,
    "mcafee_monte_carlo": tested_in("test_call",
                                    "mcafee_trades_as_often_and_gains_as_much_as_published"),
    "huang": huang,
    "lob_sequence": sequence,
    "lob_stream_totals": stream_totals,
    "muda_exogenous_price": skipped("there is no MUDA, whose price comes from another half-market"),
    "npt_market_power": tested_in("test_institutions",
                                  "mre_gains_what_another_simulation_of_that_market_finds"),
    "zi_statistical": tested_in("test_institutions",
                                "zi_c_reaches_the_efficiency_of_its_own_institution"),
}


def main():
    files = sorted(name for name in os.listdir(FOLDER) if name.endswith(".json"))
    failed = 0
    print(f"1..{len(files) + 1}")
    for number, name in enumerate(files, 1):
        with open(os.path.join(FOLDER, name)) as file:
            case = json.load(file)
        title = f"{case['id']}, {case['kind']}"
        try:
            why = KINDS[case["kind"]](case)
            print(f"ok {number} - {title}" + (f" # SKIP {why}" if why else ""))
        except (AssertionError, KeyError) as problem:
            failed = 1
            print(f"not ok {number} - {title}\n# {str(problem)[:500]}")
    print("ok" if len(files) == 34 else "not ok", len(files) + 1, "- there are 34 cases")
    return failed or len(files) != 34


sys.exit(main())
