"""Agents: whom each follows, at what reserve it trades, and which re-quote factor its orders carry."""
import datetime

import kpi_oracle_draws as draws
from kpi_oracle_result import ticks

# of D = retail - feed-in: of sellers from feed-in up, of buyers from retail down
RESERVES = {"paper": ((0.10, 0.50), (0.03, 0.22)), "wide": ((0.05, 0.60), (0.05, 0.60))}
AT_A_LOSS = "zi_u"  # gives its quote as its reserve


class Agents:
    def read_agents(self):
        t, seed = self.terms, int(self.s["seed"])
        whose = [draws.owner(t.name(i)) if t.kinds else i for i in range(self.n)]
        self.followed = [self.whom(i, draws.uniforms(seed, draws.MIX, whose[i])[0]) for i in range(self.n)]
        self.shares = [draws.uniforms(seed, draws.TRAITS, whose[i], 0) for i in range(self.n)]
        self.does_otherwise = -1 if self.s.get("agents.deviant", "none") == "none" else int(self.s["agents.deviant"])
        self.drawn_beta = [draws.uniforms(seed, draws.TRAITS, whose[i], 2)[0] for i in range(self.n)]

    def whom(self, i, uniform):
        """A mix goes by the order of all strategies, whatever order it names them in."""
        followed, below = self.terms.of(i, "agents.strategy"), 0
        if followed != "mix":
            return followed
        if str(i) == self.s.get("agents.deviant") and self.s.get("agents.deviant_strategy", "drawn") != "drawn":
            return self.s["agents.deviant_strategy"]
        shares = dict(pair.split() for pair in self.terms.of(i, "agents.mix").split(","))
        for name in self.result.words["users.strategy"]:
            if name in shares:
                followed, below = name, below + float(shares[name])
                if uniform < below:
                    break
        return followed

    def strategy(self, i):
        """As /users has it: none where all, and kinds without homes too, follow one."""
        named = {self.terms.of(j, "agents.strategy") for j in range(self.n)}
        named |= {self.s.get(f"households.{kind}.agents.strategy", self.s["agents.strategy"]) for kind in self.terms.kinds}
        if len(named) < 2 and "mix" not in named:
            return 0
        return self.result.words["users.strategy"].index(self.followed[i])

    def reserve(self, i, k, is_buyer, is_its_own=False):
        """In ticks, of prices without the fees that an agent keeps. The one who does otherwise acts by another than its own."""
        own = self.terms.of(i, "agents.reserve_" + ("buy" if is_buyer else "sell"))
        retail, feed_in = self.tariffs[k][i]
        if own != "drawn":
            reserve = min(max(ticks(own), feed_in), retail)
        else:
            low, high = RESERVES[self.terms.of(i, "agents.traits")][is_buyer]
            part = draws.half_away((retail - feed_in) * (low + (high - low) * self.shares[i][is_buyer]))
            reserve = retail - part if is_buyer else feed_in + part
        if i == self.does_otherwise and not is_its_own:
            further = ticks(self.s.get("agents.deviant_reserve", "0"))
            reserve = min(max(reserve - further if is_buyer else reserve + further, feed_in), retail)
        fees = 0 if self.s.get("agents.fees") == "ignored" else sum(f[not is_buyer] for f in self.trade_fees.values())
        return reserve - fees if is_buyer else reserve + fees

    def beta(self, i, k):
        """In millionths; -1: the order carries none. None: its agent's own, which follows what was matched."""
        t, whose = self.terms, self.terms.of(i, "agents.beta")
        if i == self.does_otherwise and self.s.get("agents.deviant_beta", "same") != "same":
            return ticks(self.s["agents.deviant_beta"])
        if whose == "market":
            return -1 if t.own(i, "market.beta") is None else ticks(t.own(i, "market.beta"))
        if whose == "drawn":
            return draws.picked(*(ticks(t.of(i, "agents.beta_" + end)) for end in ("low", "high")), self.drawn_beta[i])
        if whose == "by_time":
            return t.at_time(t.of(i, "agents.beta_by_time"),
                             t.start + datetime.timedelta(microseconds=k * self.slot_ns // 1000))
        return None

    def check_agents(self):
        """Orders of agents, not those of a table."""
        if self.result.entries:
            return
        for o in self.orders:
            i, k, where = o["meter"], o["interval"], f"order {o['number']} of {o['meter']} in {o['interval']} "
            if self.followed[i] != AT_A_LOSS:
                self.expect(where + "reserve", o["reserve"], self.reserve(i, k, o["side"] == "buy"))
            beta = self.beta(i, k)
            if beta is not None:
                self.expect(where + "beta", o["beta"], beta)
