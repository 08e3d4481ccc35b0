#!/usr/bin/env python3
"""A bidding strategy of your own for Gridbourse, as a process. Name it in a scenario:

    agents:
      strategy: process
      process: python3 my_strategy.py

The simulator writes a line of JSON for every batch of orders to standard input; answer `reset`,
`quote` and `requote` with a line on standard output that carries the same id. Prices are numbers in
currency per kWh from feed_in to retail: those of `reset`, or where tariffs differ by time or kind
those that each order comes with. Print what you want to see to standard
error. Draw at random from `seed`, never from the clock, so that one scenario has one result.
"""
import json
import random
import sys


class Strategy:
    """Asks for a drawn share of what there is between its reserve and the price of the grid, and
    gives way as time passes."""

    def reset(self, facts):
        self.feed_in, self.retail = facts["feed_in"], facts["retail"]
        self.random = random.Random(facts["seed"] * 1000003 + facts["replication"])
        # it does not learn: what blocks bring need not be told. Without this `observe` is called
        return {"observe": False}

    def quote(self, batch):
        n = len(batch["meter"])
        quotes = []
        for side, reserve, feed_in, retail in zip(
            batch["side"],
            batch["reserve"],
            batch.get("feed_in", [self.feed_in] * n),
            batch.get("retail", [self.retail] * n),
        ):
            end = retail if side == "sell" else feed_in
            quotes.append(reserve + 0.3 * self.random.random() * (end - reserve))
        return {"quote": quotes}  # and "beta": a list of numbers from 0 to 1, or null

    def requote(self, batch):
        # beside the quotes "total_wh" may take energy back: whole Wh, null where an order stays for
        # what it is, and no more than its filled_wh to cancel what is left of it
        return {
            "quote": [
                reserve + (1 - elapsed) * (standing - reserve)
                for reserve, elapsed, standing in zip(
                    batch["reserve"], batch["elapsed"], batch["standing"]
                )
            ]
        }

    def observe(self, news):
        """What agents of a node learn from one block: shouts, own fills, own receipts; wants no
        reply."""

    def reward(self, outcome):
        """What a slot came to, meter by meter; wants no reply."""


def main():
    strategy = Strategy()
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "close":
            break
        reply = getattr(strategy, message["type"])(message)
        if "id" in message:
            print(json.dumps({"id": message["id"], **(reply or {})}), flush=True)


if __name__ == "__main__":
    main()
