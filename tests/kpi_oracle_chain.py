"""The chain: blocks, what they hold, and how long orders took to be stable."""
from kpi_oracle_result import NO_TIME, quantile, ratio


class Chain:
    def chain(self, out):
        out["n_blocks"] = len(self.blocks)
        out["n_transactions"] = sum(b["n_transactions"] for b in self.blocks)
        out["n_bytes"] = sum(b["n_bytes"] for b in self.blocks)
        took = [(o["stable"] - o["sent"], 1) for o in self.sent if o["stable"] != NO_TIME]
        for percent in (50, 95, 99):
            out[f"latency_p{percent}_ms"] = quantile(took, percent) / 1e6
        sealed = [b["sealed"] for b in self.blocks]
        out["block_interval_ms"] = ratio(sealed[-1] - sealed[0], len(sealed) - 1) / 1e6 if sealed else \
            float("nan")
        days = self.n_slots * self.slot_ns / 86400e9
        out["transactions_per_block"] = ratio(out["n_transactions"], len(sealed))
        out["orders_per_s"] = len(self.accepted) / days / 86400
        out["ledger_growth"] = out["n_bytes"] / days / self.n * 365
        out["block_fill"] = ratio(out["n_transactions"],
                                  len(sealed) * int(self.s["chain.block.max_transactions"]))
