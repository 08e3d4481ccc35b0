"""A strategy as a process that takes energy back: at every third wake-up of an order it halves what
is left of it, at every fifth it cancels the rest. It holds what it is told against itself: fills add
up to what orders are said to have filled, nobody is asked about an order that is cancelled or was
refused, and every receipt answers a message that was sent. What it counted goes to standard error."""
import collections
import json
import sys

filled = collections.Counter()  # Wh by slot, meter and side, from fills
open_actions = {}  # by slot, meter and part: the action that is unanswered
gone = set()
told = collections.Counter()
sides = {}


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def quote(batch):
    for meter, part, side in zip(batch["meter"], batch["part"], batch["side"]):
        open_actions[batch["slot"], meter, part] = "order"
    check(all(wh > 0 for wh in batch["energy_wh"]), batch)
    return {"quote": batch["reserve"]}


def requote(batch):
    quotes, totals = [], []
    for i, meter in enumerate(batch["meter"]):
        order = batch["slot"], meter, batch["part"][i]
        left = batch["total_wh"][i] - batch["filled_wh"][i]
        heard = filled[batch["slot"], meter, batch["side"][i]]
        check(left > 0 and order not in gone and order not in open_actions, batch)
        check(batch["side"][i] == "sell" and batch["filled_wh"][i] <= heard
              or batch["filled_wh"][i] == heard, (batch, heard))
        number = batch["wake_up"][i] + 1
        total = None
        if number % 5 == 0:
            total, open_actions[order] = 0, "cancel"
        elif number % 3 == 0 and left > 1:
            total, open_actions[order] = batch["total_wh"][i] - left // 2, "amendment"
        quotes.append(batch["standing"][i])
        totals.append(total)
    return {"quote": quotes, "total_wh": totals}


def observe(news):
    for fill in news["fills"]:
        check(fill["meter"] in news["meter"], news)
        filled[news["slot"], fill["meter"], fill["side"]] += fill["energy_wh"]
        told["fills"] += 1
    for receipt in news["receipts"]:
        order = news["slot"], receipt["meter"], receipt["part"]
        check(receipt["meter"] in news["meter"] and open_actions.pop(order) == receipt["action"], news)
        told[receipt["action"] + " " + receipt["answer"]] += 1
        if receipt["answer"] == "already_done" or receipt["action"] == "cancel" and receipt["answer"] == "accepted":
            gone.add(order)


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "close":
        break
    if message["type"] == "reset":
        check(message["version"] == 3 and message["fee"] == 0.001, message)
    reply = {"quote": quote, "requote": requote, "observe": observe}.get(message["type"], lambda _: {})(message)
    if "id" in message:
        print(json.dumps({"id": message["id"], **(reply or {})}), flush=True)
print(json.dumps(told), file=sys.stderr)
