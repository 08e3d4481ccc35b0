"""What trades of a random village cost beside their price, and how its agents differ: mixes of strategies, re-quote
factors and reserves, of all homes and of kinds."""
STRATEGIES = ("paper_beta", "truthful", "fixed_shade", "zi_c", "zip", "aa", "gdx", "mre", "vre")


class Agents:
    def fees(self):
        for key in ("tariff.network_fee", "market.fee"):
            if self.chance(0.25):
                self.put(key, f"{self.between(0.0001, 0.1):.6f}")
                self.maybe(key + "_buyer_share", 0, 1, 0.123457, f"{self.draw.random():.6f}")
        if self.chance(0.25):
            self.put("tariff.levies", f"{self.between(0.0001, 0.05):.6f}")
        if self.chance(0.5):
            self.put("chain.fee", f"{self.between(0.00001, 0.01):.9f}")
        if self.lines[-1].split(".")[0] in ("tariff", "market") and self.chance(0.3):
            self.put("agents.fees", "ignored")

    def mix(self, prefix):
        """Shares in any order: who follows whom goes by that of all strategies."""
        names = self.draw.sample(STRATEGIES, self.of(1, 2, 3, 3))
        shares = {1: ("1",), 2: ("0.3", "0.7"), 3: ("0.5", "0.2", "0.3")}[len(names)]
        self.put(prefix + "agents.strategy", "mix")
        self.put(prefix + "agents.mix", '"' + ", ".join(map(" ".join, zip(names, shares))) + '"')

    def betas(self, prefix):
        whose = self.of("market", "drawn", "by_time", "adaptive")
        self.put(prefix + "agents.beta", whose)
        if whose == "market" and prefix:
            self.put(prefix + "market.beta", f"{self.draw.random():.6f}")
        if whose == "drawn":
            self.put(prefix + "agents.beta_low", 0.2)
            self.put(prefix + "agents.beta_high", self.of(0.2, 0.95))
        if whose == "by_time":
            self.put(prefix + "agents.beta_by_time", '"0:30 0.15, 4:00 0.8, 11:00 0.333333"')

    def agents(self):
        """Of all homes and, behind them, of kinds."""
        has_betas = self.mechanism != "uniform"
        for prefix in ["", *(f"households.{name}." for name in self.names)]:
            if self.chance(0.25) and f"{prefix}agents.strategy" not in self.given():
                self.mix(prefix)
            if has_betas and self.chance(0.3):
                self.betas(prefix)
            self.maybe(prefix + "agents.traits", "wide", "paper")
            if self.chance(0.2):  # between any feed-in and any retail
                self.put(prefix + "agents." + self.of("reserve_sell", "reserve_buy"), f"{self.middle:.6f}")

    def deviant(self):
        """One home that does otherwise: each kind has at least one."""
        self.put("agents.deviant", int(len(self.names) * self.draw.random()))
        self.maybe("agents.deviant_quote", "0.02", "-0.013", "0.3")
        self.maybe("agents.deviant_reserve", "0.03", "-0.041", "0.6")
        if self.mechanism != "uniform":
            self.maybe("agents.deviant_beta", "0.375001", "1")
        if "agents.strategy: mix" in self.lines:
            self.maybe("agents.deviant_strategy", "zip", "truthful")

    def given(self):
        return {line.split(": ")[0] for line in self.lines}
