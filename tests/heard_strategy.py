#!/usr/bin/env python3
"""A strategy as a process whose every answer depends on all it was asked and told before, and in
what order: tests/plugin.sh has the same as a plug-in. It says at the end what it has come to, and
how many orders it was asked about in how many batches."""
import json
import sys

FACTOR, MODULUS = 6364136223846793005, 1 << 64


def ticks(price):
    return 0 if price is None else round(price * 1e6)


def mixed(state, *values):
    for value in values:
        state = ((state ^ value) * FACTOR + 1) % MODULUS
    return state


def main():
    state, n_batches, n_orders = 1, 0, 0
    for line in sys.stdin:
        message = json.loads(line)
        kind = message["type"]
        if kind == "close":
            break
        reply = {}
        if kind == "quote":
            reply = {"quote": message["reserve"]}
        elif kind == "requote":
            n_batches += 1
            quotes, totals = [], []
            columns = ("meter", "wake_up", "reserve", "standing", "last_price", "total_wh", "filled_wh")
            for meter, wake_up, reserve, standing, last, total, filled in zip(*(message[c] for c in columns)):
                n_orders += 1
                state = mixed(state, meter, wake_up, ticks(standing), ticks(last), total, filled)
                step = (state >> 40) % 5000
                at = ticks(standing)
                quotes.append((at - step if at - step > 400000 else at + step) / 1e6)
                # one in 64 takes its energy back
                totals.append(filled if (state >> 32) % 64 == 0 else None)
            reply = {"quote": quotes, "total_wh": totals}
        elif kind == "observe":
            state = mixed(state, 7, len(message["fills"]), len(message["receipts"]))
        elif kind == "reward":
            state = mixed(state, 9)
        if "id" in message:
            print(json.dumps({"id": message["id"], **reply}), flush=True)
    print(f"state {state}", file=sys.stderr)
    print(f"{n_orders} orders in {n_batches} batches", file=sys.stderr)


if __name__ == "__main__":
    main()
