"""A strategy as a process whose every quote is given on the command line: METER@WAKE_UP=QUOTE, wake-up 0
being the first quote, in place of 0.50 for a sale and 0.40 for a purchase; else quotes stay as they are."""
import json
import sys

first = {"sell": 0.50, "buy": 0.40}
given = {}
for word in sys.argv[1:]:
    where, quote = word.split("=")
    meter, wake_up = where.split("@")
    given[int(meter), int(wake_up)] = float(quote)

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "close":
        break
    reply = {}
    if message["type"] == "quote":
        reply = {"quote": [given.get((m, 0), first[s]) for m, s in zip(message["meter"], message["side"])]}
    elif message["type"] == "requote":
        rows = zip(message["meter"], message["wake_up"], message["standing"])
        reply = {"quote": [given.get((m, r + 1), standing) for m, r, standing in rows]}
    if "id" in message:
        print(json.dumps({"id": message["id"], **reply}), flush=True)
