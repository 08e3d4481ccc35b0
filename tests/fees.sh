#!/bin/sh
# Fees of trades: all bills of a run computed anew in Python (tests/tariffs.py) with network fees,
# levies and fees of the market, under tariffs of either sign; who keeps them of its reserve loses by
# no trade; and a ledger on which a fee was changed.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cd "$work" || exit 99
cat >village.yaml <<'EOT'
format: 1
start_date: 2024-06-14
days: 1
site: {preset: munich, time_zone: "CET-1CEST,M3.5.0,M10.5.0/3"}
tariff: {retail: 0.38, feed_in: 0.08, network_fee: 0.05, network_fee_buyer_share: 0.7, levies: 0.02}
market: {fee: 0.01}
households:
  flat: {count: 6, load: {yearly: 2200}}
  terrace: {count: 4, load: {yearly: 4200}, pv: {size: 8}, tariff: {feed_in: 0.05}}
  farm: {count: 2, load: {yearly: 9000}, pv: {size: 25}, storage: {capacity: 10, power: 6}, tariff: {retail: 0.3}}
output: {level: meters}
EOT
run() { gridbourse run "$@" --quiet >out 2>&1 || { cat out; false; }; }
bills() { py "$srcdir/tests/tariffs.py" "$1" >said 2>&1 || { sed 's/^/# /' said; false; }; }

run village.yaml -o fees.h5 --ledger fees.ledger --set chain.crypto=real && bills fees.h5
ok "the bills with network fee, levies and fee of the market are those computed anew"
run village.yaml -o delivered.h5 --set settlement.rule=delivered --set market.mechanism=continuous &&
    py "$srcdir/tests/tariffs.py" delivered.h5 >said 2>&1 || { sed 's/^/# /' said; false; }
ok "so are those of trades that execute as delivered"

perfect='--set forecast.kind=perfect --set storage.baseline=same --set storage.controller=greedy'
run village.yaml -o kept.h5 $perfect && bills kept.h5 && grep -q ' 0 lose' said
ok "who keeps the fees of its reserve and forecasts perfectly does not lose"
run village.yaml -o ignored.h5 $perfect --set agents.fees=ignored --set tariff.levies=0.1 && bills ignored.h5 &&
    grep -q '[1-9][0-9]* lose' said
ok "who ignores them may"
run village.yaml -o dear.h5 --set tariff.levies=0.35 --set output.level=summary &&
    py -c "
import h5py
s = h5py.File('dear.h5')['summary']
assert s['n_trades'][0] == 0 and s['n_priced_out'][0] > 0 and s['saving'][0] == 0 and s['saving_ceiling'][0] == 0"
ok "where fees are more than trades could gain nobody sends a bid, and there is nothing to gain"

status=0
for seed in 1 2 3 4 5 6; do
    settings="$(py "$srcdir/tests/tariffs.py" --random "$seed") $(py "$srcdir/tests/tariffs.py" --random-fees "$seed")"
    eval "run village.yaml -o random.h5 --seed $seed $settings" && bills random.h5 || status=1
    rm -f random.h5
done
[ "$status" -eq 0 ]
ok "so are the bills under random fees and tariffs, of either sign"

gridbourse ledger verify fees.ledger >out 2>&1 || { sed 's/^/# /' out; false; }
ok "the ledger verifies"
gridbourse ledger show fees.ledger >out 2>&1 &&
    grep -q 'network fee: buyer 0.035, seller 0.015; levies: buyer 0.02' out &&
    grep -q 'fee of the market: buyer 0.005, seller 0.005' out
ok "and shows who pays what of them"
for fee in '35000 15000' '15000 20000' '20000 5000' '5000 5000'; do
    py "$srcdir/tests/tariffs.py" --tamper fees.ledger forged.ledger $fee || exit 99
    gridbourse ledger verify forged.ledger >out 2>&1
    test $? -ne 0
    ok "it does not where the fee of $fee is another"
done
echo "1..$n"
exit $failed
