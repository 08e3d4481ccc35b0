#!/bin/sh
# Tariffs by time and by kind of household: all bills of a run computed anew in Python, from the
# scenario's own words and the tables of the result; random ones of either sign, whose identities
# the program asserts; and a ledger on which one price was changed.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cd "$work" || exit 99
cat >village.yaml <<'EOT'
format: 1
start_date: 2024-03-30
days: 3
slot: 15 min
site: {preset: munich, time_zone: "CET-1CEST,M3.5.0,M10.5.0/3"}
currency: EUR
tariff: {feed_in: 0.08, retail_by_time: "0:00 0.25, 2:00 0.9, 3:00 0.25, 6:00 0.40, 22:00 0.25; weekends 1:00 0.22, 2:15 0.7, 3:00 0.3, 17:00 0.5"}
households:
  flat: {count: 6, load: {yearly: 2200}}
  terrace: {count: 4, load: {yearly: 4200}, pv: {size: 8}, tariff: {feed_in: 0.05}}
  farm: {count: 2, load: {yearly: 9000}, pv: {size: 25, size_sd: 3}, storage: {capacity: 10, power: 6}, tariff: {retail: 0.3, feed_in_by_time: "0:00 0.02, 9:00 0.15, 13:00 -0.03, 16:00 0.12"}}
forecast: {kind: persistence}
chain: {crypto: modelled}
output: {level: meters}
EOT
run() { gridbourse run "$@" --quiet >out 2>&1 || { cat out; false; }; }
bills() { py "$srcdir/tests/tariffs.py" "$1" >said 2>&1 || { sed 's/^/# /' said; false; }; }

run village.yaml -o spring.h5 --ledger spring.ledger --set chain.crypto=real --set days=2 && bills spring.h5
ok "the bills of a spring day of 23 hours are those computed anew"
run village.yaml -o autumn.h5 --set start_date=2024-10-26 --set warm_up='1 d' \
    --set market.mechanism=continuous && bills autumn.h5
ok "and of an autumn day of 25 hours, by another mechanism, behind a warm-up"
run village.yaml -o short.h5 --set imbalance.short=0.6 --set imbalance.long=-0.2 \
    --set settlement.unmatched=scheduled --set days=2 && bills short.h5
ok "and with prices of imbalance of their own and schedules"
run village.yaml -o slow.h5 --set chain.client_delay='exponential 250 s' --set days=1 \
    --set settlement.deadline='2 min' && bills slow.h5 && grep -q '[1-9][0-9]* unread' said
ok "and where readings are missing, whose gaps go at the tariff of their last slot"

# every price of either sign, so that no kind's feed-in is above another's retail
status=0
for seed in 1 2 3 4 5 6; do
    settings=$(py "$srcdir/tests/tariffs.py" --random "$seed")
    eval "run village.yaml -o random.h5 --seed $seed --set days=1 $settings" && bills random.h5 || status=1
    rm -f random.h5
done
[ "$status" -eq 0 ]
ok "so are those of random tariffs, of either sign"

gridbourse ledger verify spring.ledger >out 2>&1 || { sed 's/^/# /' out; false; }
ok "the ledger verifies"
py "$srcdir/tests/tariffs.py" --tamper spring.ledger forged.ledger 700000 80000 || exit 99 # 2:15 on the weekend of a flat
gridbourse ledger verify forged.ledger >out 2>&1
test $? -ne 0
ok "and does not where one slot's price is another"

refused() { # setting, words
    gridbourse run village.yaml --check --set "$1" >out 2>&1 && return 1
    tr '\n' ' ' <out | grep -q -- "$2" || { sed 's/^/# /' out; false; }
}
refused 'tariff.retail_by_time=0:00 0.25, 6:10 0.4' '6:10 falls within the slot of 15 min that begins at 2024-03-30 06:00'
ok "a time within a slot is refused with the slot"
refused 'households.farm.tariff.feed_in_by_time=0:00 0.1, 12:00 0.31' \
    "begins at 2024-03-31 12:00\\|in slot 48, which begins at 2024-03-30 12:00, the grid buys from homes of kind 'farm' at 0.31 and sells to homes of kind 'f[a-z]*' at 0.3"
ok "arbitrage is refused with slot, kinds and prices"
refused 'imbalance.short=-0.1' "in slot 0 energy not taken earns 0.02 and energy not delivered costs -0.1"
ok "prices of imbalance that would earn money in one slot are refused with it"
echo "1..$n"
exit $failed
