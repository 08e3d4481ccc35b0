"""Fees: of what trades moved, by side, and of every message that a ledger executed."""
from fractions import Fraction

from kpi_oracle_result import ticks


def halves(s, name):
    """A fee a kWh, of a buyer and of a seller: shares round to whole ticks, halves to even, and the seller's
    is what the buyer leaves."""
    fee = ticks(s.get(name, "0"))
    buyer = round(fee * Fraction(s.get(name + "_buyer_share", "0.5")))
    return buyer, fee - buyer


class Fees:
    def read_fees(self):
        self.trade_fees = {"network_fee_cost": halves(self.s, "tariff.network_fee"),
                           "levy_cost": (ticks(self.s.get("tariff.levies", "0")), 0),
                           "market_fee_cost": halves(self.s, "market.fee")}
        self.message_fee = round(Fraction(self.s.get("chain.fee", "0")) * 10**9)
        self.worth = sum(map(sum, self.trade_fees.values()))  # what a trade must gain a kWh to be worth it

    def charge(self, cell):
        """What the parties of settled trades pay, before a price is looked at, and senders of messages."""
        for c in self.cells:
            for name, (buyer, seller) in self.trade_fees.items():
                c[name] = c["bought"] * buyer + c["sold"] * seller
            c["fee_cost"] = 0
        for o in self.sent:
            n = o["n_again"] + (o["receipt"] != "given_up")  # which no block holds
            cell[o["interval"], o["meter"]]["fee_cost"] += n * self.message_fee
        for c in self.cells:
            c["fees"] = sum(c[name] for name in (*self.trade_fees, "fee_cost"))
