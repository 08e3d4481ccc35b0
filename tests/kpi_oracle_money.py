"""Money: bills of the sides and of all, the ceiling of what netting saves, and the utility's side."""
from kpi_oracle_result import plus, ratio


class Money:
    def utility(self, out):
        bills = [c["computed"] - c["paid"] + c["earned"] - c["fees"] for c in self.cells]
        out["utility_revenue"], out["utility_purchases"] = sum(map(plus, bills)), sum(plus(-b) for b in bills)
        out["utility_revenue_lost"] = out["buyers_cost_grid_only"] - out["utility_revenue"]
        out["utility_purchases_avoided"] = out["sellers_revenue_grid_only"] - out["utility_purchases"]
        out["utility_margin_lost"] = out["cost_grid_only"] - sum(
            bills + [c["network_fee_cost"] + c["levy_cost"] for c in self.cells])
        out["buyers_gain_per_kwh"] = ratio(
            out["buyers_cost_grid_only"] - out["buyers_cost"], out["baseline_deficit_wh"]) / 1e6
        out["sellers_gain_per_kwh"] = ratio(
            out["sellers_revenue"] - out["sellers_revenue_grid_only"], out["baseline_surplus_wh"]) / 1e6

    def money(self, out):
        cells = self.cells
        for name, sign in (("buyers_cost", 1), ("sellers_revenue", -1)):
            side = [c for c in cells if c["baseline_wh"] * sign > 0]
            out[name] = sign * sum(c["computed"] for c in side)
            out[name + "_grid_only"] = sign * sum(c["alone"] for c in side)
        zero = [c for c in cells if c["baseline_wh"] == 0]
        out["zero_cost"] = sum(c["computed"] for c in zero)
        out["zero_cost_grid_only"] = sum(c["alone"] for c in zero)
        out["cost"] = sum(c["computed"] for c in cells)
        out["cost_grid_only"] = sum(c["alone"] for c in cells)
        out["saving"] = out["cost_grid_only"] - out["cost"]
        out["saving_ceiling"] = out["cost_grid_only"] - sum(
            sum(c["tariff_cost"] for c in self.of_slot(k)) - self.netted(k) for k in self.slots)
        out["operator_balance"] = sum(t["energy_wh"] * (t["price_buy"] - t["price_sell"])
                                      for t in self.settled) + sum(
            c["market_fee_cost"] + c["fee_cost"] for c in cells)
        out["saving_pct"] = 100 * ratio(out["saving"], abs(out["cost_grid_only"]))
        out["buyers_saving_pct"] = 100 * ratio(
            out["buyers_cost_grid_only"] - out["buyers_cost"], abs(out["buyers_cost_grid_only"]))
        out["sellers_gain_pct"] = 100 * ratio(
            out["sellers_revenue"] - out["sellers_revenue_grid_only"],
            abs(out["sellers_revenue_grid_only"]))
        out["gain_per_user_day"] = (out["saving"] / 1e9 / self.n
                                    / (self.n_slots * self.slot_ns / 86400e9))
        out["n_unread"] = sum(not c["is_read"] for c in cells)
        out["gap_cost"] = sum(c["gap_cost"] for c in cells)
        out.update(self.causes(cells))

    def netted(self, k):
        """What netting a slot saves: deficits of the highest retail with surpluses of the lowest feed-in,
        where that is worth the fees."""
        cells = [(self.tariffs[k][c["meter"]], c["metered_wh"]) for c in self.of_slot(k)]
        deficits = sorted(([retail, wh] for (retail, _), wh in cells if wh > 0), reverse=True)
        surpluses = sorted([feed_in, -wh] for (_, feed_in), wh in cells if wh < 0)
        saved = 0
        while deficits and surpluses and deficits[0][0] - surpluses[0][0] > self.worth:
            wh = min(deficits[0][1], surpluses[0][1])
            saved += wh * (deficits[0][0] - surpluses[0][0] - self.worth)
            for side in (deficits, surpluses):
                side[0][1] -= wh
                if side[0][1] == 0:
                    side.pop(0)
        return saved
