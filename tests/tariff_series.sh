#!/bin/sh
# Prices of the grid from a file: all bills of a run computed anew in Python from that file, over both changes of
# clocks; a series that says what numbers and times say; the same bytes once more, from what a result holds; and what is
# understood of a file.
. "$srcdir/tests/python.sh"
need_h5py
experiments=$(cd "$srcdir/experiments" && pwd)
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
oracle=$(cd "$srcdir/tests" && pwd)/tariffs.py
cd "$work" || exit 99
cat >village.yaml <<'EOF'
format: 1
start_date: 2024-03-30
days: 2
slot: 15 min
site: {preset: munich, time_zone: "CET-1CEST,M3.5.0,M10.5.0/3"}
currency: EUR
series:
  auction: {file: prices.csv, label: start}
tariff:
  retail_series: auction
  retail_factor: 1.19
  retail_add: 0.3
  feed_in_series: auction
  feed_in_add: -0.05
households:
  flat: {count: 6, load: {yearly: 2200}, tariff: {retail_add: 0.27}}
  terrace: {count: 4, load: {yearly: 4200}, pv: {size: 8}, tariff: {feed_in: 0.05}}
  farm: {count: 2, load: {yearly: 9000}, pv: {size: 25, size_sd: 3}, storage: {capacity: 10, power: 6}, tariff: {retail: 0.3, feed_in_factor: 0.9}}
forecast: {kind: persistence}
chain: {crypto: modelled}
output: {level: meters}
EOF
prices() { py "$oracle" --prices "$1" "$2" >prices.csv || exit 99; }
run() { gridbourse run "$@" --quiet >out 2>&1; }
bills() { py "$oracle" "$1" >out 2>&1; }
stored() { py -c "import h5py, sys; s = h5py.File(sys.argv[1])['provenance/scenario'][()]; print(s.decode() if isinstance(s, bytes) else s, end='')" "$1"; }

prices 1 2024-03-30
run village.yaml -o spring.h5 --ledger spring.ledger --set chain.crypto=real && bills spring.h5
ok "the bills of a spring day of 23 hours are those computed anew"
gridbourse ledger verify spring.ledger >out 2>&1
ok "its ledger verifies"
# the feed-in of a farm in slot 0, at 23:00 UTC of the day before
py "$oracle" --tamper spring.ledger forged.ledger 300000 \
    "$(awk -F, '$1 == "2024-03-29T23:00Z" { printf "%d", $2 * 900 + ($2 < 0 ? -0.5 : 0.5) }' prices.csv | awk '{ print $1 - 50000 }')" || exit 99
gridbourse ledger verify forged.ledger >out 2>&1
test $? -ne 0
ok "and does not where one hour's price is another"

stored spring.h5 >stored.yaml
run stored.yaml -o again.h5 && cmp spring.h5 again.h5 >out 2>&1
ok "a stored scenario runs again to the same bytes"
gridbourse book spring.h5 --slot 50 >book 2>out &&
    retail=$(py -c "import h5py; print(f\"{h5py.File('spring.h5')['slots/retail'][50] / 1e6:.6f}\".rstrip('0'))") &&
    grep -q -- "--set tariff.retail=$retail " book
ok "its book has the band of the slot"
cp prices.csv kept.csv
sed 's/^2024-03-30T12:00Z,.*/2024-03-30T12:00Z,1/' kept.csv >prices.csv
! run stored.yaml -o other.h5 && grep -q "has changed" out
ok "and is refused with another file"

prices 2 2024-10-26
run village.yaml -o autumn.h5 --set start_date=2024-10-26 --set warm_up='1 d' \
    --set market.mechanism=continuous && bills autumn.h5
ok "so are those of an autumn day of 25 hours, by another mechanism, behind a warm-up"
status=0
for mechanism in mid_market_rate uniform huang; do
    rm -f other.h5
    run village.yaml -o other.h5 --set start_date=2024-10-28 --set days=1 --set market.mechanism=$mechanism && bills other.h5 || status=1
done
[ $status -eq 0 ]
ok "and by other mechanisms"
gridbourse compare autumn.h5 >out 2>&1 && gridbourse figures autumn.h5 -d figures --format svg >out 2>&1 && test -s figures/balance.svg
ok "they are compared and drawn"

# values FILE FILE: are those of all tables the same?
values() {
    py -c "
import h5py, numpy, sys
a, b = (h5py.File(f) for f in sys.argv[1:])
n = 0
for group in a:
    if not isinstance(a[group], h5py.Group) or group == 'provenance':
        continue
    for column in a[group]:
        x, y = a[group][column][()], b[group][column][()]
        same = x.tolist() == y.tolist() if x.dtype == object else x.dtype == y.dtype and x.tobytes() == y.tobytes()
        assert same, (group, column)
        n += x.size
assert n > 10000, n" "$@" >out 2>&1
}
py -c "
print('time,p (ct/kWh)')
for day in range(2, 7):
    for h in range(24):
        print(f'2024-06-{day:02d} {h:02d}:00,{25 if h < 6 or h >= 22 else 40}')" >table.csv
common() { # FILE SETTING ...: without what this village has beside the file
    name=$1
    shift
    run village.yaml -o "$name.h5" --ledger "$name.ledger" --set start_date=2024-06-03 --set series.auction.file=table.csv \
        --set series.auction.zone=CET-1CEST,M3.5.0,M10.5.0/3 --set tariff.feed_in_series=none --set tariff.feed_in_add=0 \
        --set tariff.feed_in=0.06 --set households.farm.tariff.feed_in_factor=scenario --set tariff.retail_factor=1 \
        --set tariff.retail_add=0 --set households.flat.tariff.retail_add=scenario "$@"
}
common series && common times --set tariff.retail_series=none --set 'tariff.retail_by_time=0:00 0.25, 6:00 0.40, 22:00 0.25' &&
    values series.h5 times.h5 && cmp series.ledger times.ledger >out 2>&1
ok "a series that says what times say gives the same values and the same ledger"
awk -F, 'NR > 1 { $2 = 31.4 } { print $1 "," $2 }' table.csv >flat.csv
common flat --set series.auction.file=flat.csv && common number --set tariff.retail_series=none --set tariff.retail=0.314 &&
    values flat.h5 number.h5
ok "and one that never changes those of the number"

cat >smard.csv <<'EOF'
Datum von;Datum bis;Deutschland/Luxemburg [€/MWh] Originalauflösungen
13.03.2024 00:00;13.03.2024 01:00;58,25
13.03.2024 01:00;13.03.2024 02:00;-3,5
EOF
gridbourse series smard.csv --label start --zone CET-1CEST,M3.5.0,M10.5.0/3 >out 2>err
test $? -eq 0 && grep -q '€/MWh *mean .* mean 27.3750 €/MWh, -3.5 to 58.25$' out && test ! -s err
ok "a column of prices is told, with its mean, lowest and highest, and without doubts of a household's year"
gridbourse series smard.csv --label start --zone UTC0 --step '2 h' >out 2>err && grep -q '^2024-03-13T00:00:00Z,27.375$' out
ok "and averaged over longer steps"

sed -n 's/^#     //p' "$experiments/prices.csv" >commands
sh commands >table 2>err
grep -v '^#' "$experiments/prices.csv" >ships
# another libm may round a cent the other way
paste -d, ships table | awk -F, '$1 != $3 || NR > 1 && ($2 - $4) ^ 2 > 1.1e-4 { bad++ } END { exit bad > 0 || NR != 1009 }'
ok "the prices that ship are what their comment lines print, to the cent"
cp "$experiments/prices.csv" "$experiments/village-of-prices.yaml" .
run village-of-prices.yaml -o ships.h5 --set days=1 && gridbourse compare ships.h5 >out 2>&1
ok "and a village runs by them"
echo "1..$n"
exit $failed
