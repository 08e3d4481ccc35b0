# Prints a small random scenario: awk -v number=N -f random_scenario.awk. Equal numbers give equal
# scenarios on any awk: draws are Lehmer's with Park and Miller's multiplier, exact in doubles.
function draw() { return state = state * 16807 % 2147483647 }
function below(n) { return int(draw() / 2147483647 * n) }
function set(key, words,    list) { print key ": " list[1 + below(split(words, list, "|"))] }
# mostly the default
function maybe(key, words) { if (below(3) == 0) set(key, words) }
function rarely(key, words) { if (below(9) == 0) set(key, words) }

function community() {
    set("meters.count", "1|2|5|8|12|16|20|20")
    set("slots", "1|4|8|12|12|16")
    set("slot", "15 min|15 min|60 min|5 min|30 min|1 min")
    set("site.utc_offset", "8|-4|-4|-2")                # slot 0 is at midnight, or about noon
    set("start_date", "2023-06-01|2024-02-28|2023-12-31|2023-06-21")
    set("meters.prosumer_share", "0|1|0.2|0.5|0.5|0.8|0.8|0.8")
    maybe("meters.wind_share", "0|1|0.5")
    maybe("meters.storage_share", "0|1")
    maybe("pv.size", "0.5|30")
    maybe("storage.initial", "0|1|1")
    maybe("storage.loss", "0.01")
    maybe("storage.controller", "none")
    maybe("storage.efficiency", "1|0.6")
    maybe("forecast.kind", "perfect")
    maybe("forecast.skill", "1|0.8")
    maybe("agents.source_preference.solar", "0.5|1")
    maybe("agents.source_preference.wind", "0|0")
}
# what homes have beside, and steps within their slots: drawn last, for the other draws to stay what they were
function homes() {
    if (below(2))
        return
    if (below(2)) {
        set("meters.heat_pump_share", "1|0.5")
        set("site.temperature_model", "process|process|constant")
        set("site.temperature", "2|-5|12")
        maybe("heat_pump.store", "10|2|50")
        maybe("heat_pump.store_loss", "0.05|0.9")
        maybe("heat_pump.power", "0.3|5")
        set("heat_pump.controller", "at_once|before_departure|before_departure|price_limit")
    }
    maybe("meters.ev_share", "1|0.5")
    maybe("connection", "0.1|1|2.5")
    set("physics.step", "slot|1 min|20 s|5 s")
}
# a table of orders instead of agents: several of a meter, ties, both sides
function orders(    i, n, buy, price, source) {
    set("meters.count", "6|9")
    set("slots", "2|3")
    set("slot", "15 min|60 min")
    set("meters.delivery", "declared|declared|modelled")
    print "orders.inline: |"
    print "  id,owner,side,price,quantity,time,slot,source"
    split(is_signed ? "-0.14|-0.05|0|-0.01" : "0.31|0.4|0.45|0.59", price, "|")
    split("solar|wind|storage", source, "|")
    n = 4 + below(24)
    for (i = 0; i < n; i++) {
        buy = below(2)
        printf "  o%d,%d,%s,%s,%d.%03d,%d,%d,%s\n", i, 2 * below(3) + buy, buy ? "buy" : "sell",
               price[1 + below(4)], below(3), 1 + below(999), below(30), below(2), buy && below(2) ? "any" : source[1 + below(3)]
    }
}
function rounds() {
    maybe("market.books", "pooled")
    maybe("market.beta", "0|1|0.9")
    maybe("market.k", "0|1|0.3")
    maybe("market.requote.rounds", "0|3|until_cross")
    maybe("market.requote.match", "crossing|unconditional")
    maybe("market.requote.anchor", "extreme_trade|vwap|last_trade|marginal_quote_filled")
    maybe("market.on_head_fail", "stop")
}
function trading() {
    print "market.mechanism: continuous"
    maybe("market.books", "pooled")
    maybe("market.trade_price", "resting")
    maybe("market.information", "sealed|book")
    maybe("agents.traits", "wide")
    maybe("agents.requote.delay", "exponential 60 s|constant 20 s")
    maybe("agents.requote.on", "block|trade")
    maybe("agents.latency_aware", "0.5|1")
}
function market(kind) {
    kind = below(8)
    if (kind == 0)
        print "market.mechanism: grid_only"
    else if (number % 4 == 3)
        trading()
    else
        rounds()
    rarely("market.min_quantity", "2|200")
    maybe("market.capacity", "300|5000")
    maybe("market.open", "31 min|60 min|16 min")
    maybe("market.gate", "0 s|1 s|1 min|4 min")
    maybe("agents.strategy", "truthful|zi_c|fixed_shade")
    rarely("agents.balance", "0.01|0.5")
    maybe("agents.reaction", "constant 0 s|uniform 0 s 900 s|exponential 300 s")
    if (is_signed) {
        set("tariff.retail", "0.14|0.14|0|-0.01")
        set("tariff.feed_in", "-0.14|-0.14|-0.4")
    } else {
        maybe("tariff.retail", "1|0.59")
        maybe("tariff.feed_in", "0|0.31|0.3")
    }
    if (below(5) < 2) {
        print "settlement.rule: delivered"
    } else {
        maybe("imbalance.short", is_signed ? "2|0" : "2|0.4")
        maybe("imbalance.long", is_signed ? "-0.5|-0.02" : "0|0.35")
        maybe("settlement.unmatched", "scheduled")
    }
    maybe("settlement.required", "1|2")
    maybe("settlement.deadline", "1 s|1 min|40 min")
}
function chain() {
    set("chain.protocol", "ideal|pbft|pbft")
    maybe("chain.flow", "classic|fisco2")
    maybe("chain.nodes", "1|2|7")
    maybe("chain.delay", "constant 100 ms|exponential 5 s|exponential 5 s|exponential 90 s")
    maybe("chain.client_delay", "exponential 10 s|exponential 10 s|lognormal 60 s 1|exponential 5 min")
    maybe("chain.block.max_transactions", "1|7")
    maybe("chain.block.min_seal", "0 ms|10 s")
    maybe("chain.pool_limit", "3|20")
    maybe("chain.concentrator", "1|3|7")
}
BEGIN {
    is_signed = number % 5 == 2    # prices below 0 among them
    state = 1 + number * 48271 % 2147483646
    for (i = 0; i < 8; i++)
        draw()
    print "format: 1"
    set("seed", "0|1|2|3|77")
    is_of_orders = below(6) == 0
    if (is_of_orders)
        orders()
    else
        community()
    market()
    chain()
    if (!is_of_orders)
        homes()
    print "output.level: meters"
}
