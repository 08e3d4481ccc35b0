#!/bin/sh
# Figures say and show what there is: no bids where nobody bids, a line that is equal to another lies on
# it and is seen, and none goes through a name.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
draw() { gridbourse figures "$work/$1.h5" -d "$work/$1" --only "$2" --format "$3" >"$work/out" 2>"$work/err"; }

echo 1..6
cat >"$work/asks.csv" <<'EOF2'
id,side,reserve,quantity,price,time
S1,sell,0.34,220,0.41,1
S2,sell,0.41,540,0.45,2
EOF2
cat >"$work/asks.yaml" <<'EOF2'
format: 1
slot: 60 min
slots: 1
meters: {count: 2, delivery: declared}
orders.file: asks.csv
tariff: {retail: 0.59, feed_in: 0.31}
market: {mechanism: continuous, books: pooled}
output.level: market
chain.protocol: ideal
EOF2
gridbourse run "$work/asks.yaml" -q -o "$work/asks.h5" >"$work/out" 2>&1
draw asks quotes svg && grep -q ': the quotes of 2 asks while something of them rested\. All' "$work/asks/quotes.txt"
ok 'a caption names no bids and no trades where there are none'
if command -v gnuplot >/dev/null; then
    grep -q '>asks<' "$work/asks/quotes.svg" && ! grep -q '>bids<' "$work/asks/quotes.svg"
    ok 'nor does the key'
else
    skip 'nor does the key' 'no gnuplot'
fi
# buyers alone
sed 's/sell/buy/; s/0\.34,220,0\.41/0.5,220,0.41/; s/0\.41,540,0\.45/0.5,540,0.45/' "$work/asks.csv" >"$work/bids.csv"
sed 's/asks/bids/' "$work/asks.yaml" >"$work/bids.yaml"
gridbourse run "$work/bids.yaml" -q -o "$work/bids.h5" >"$work/out" 2>&1
draw bids quotes svg && grep -q ': the quotes of 2 bids while' "$work/bids/quotes.txt"
ok 'nor asks where all buy'

cat >"$work/store.yaml" <<'EOF2'
format: 1
slots: 24
slot: 1 h
chain.protocol: ideal
output.level: meters
market.mechanism: grid_only
households:
  flat: {count: 4, load: {yearly: 2200}}
  roof: {count: 3, load: {yearly: 4500}, pv: {size: 8}, storage: {capacity: 10}}
EOF2
gridbourse run "$work/store.yaml" -q -o "$work/store.h5" >"$work/out" 2>&1
# width_of COLOUR: of the lines of this colour
width_of() {
    awk -v colour="$1" '/stroke-width=/ { match($0, /stroke-width="[0-9.]*/); width = substr($0, RSTART + 14, RLENGTH - 14) }
        index($0, "<path stroke=\x27" colour "\x27") { print width; exit }' "$work/store/storage.svg"
}
draw store storage svg && awk '!/^#/ { n++; equal += $2 == $3 } END { exit !(n == 48 && equal == n) }' "$work/store/storage.dat"
ok 'without a market as much is stored as grid-only'
if command -v gnuplot >/dev/null; then
    awk -v market="$(width_of 'rgb( 86, 180, 233)')" -v grid="$(width_of 'rgb( 26,  26,  26)')" \
        'BEGIN { exit !(grid > 0 && market > 2.5 * grid) }'
    ok 'which is a thin dark line on a broad pale one'
    draw store kinds svg && [ "$(grep -c 'filter:url(#textbox)' "$work/store/kinds.svg")" -eq 2 ]
    ok 'names of kinds stand in boxes, under which the line of all homes ends'
else
    skip 'which is a thin dark line on a broad pale one' 'no gnuplot'
    skip 'names of kinds stand in boxes, under which the line of all homes ends' 'no gnuplot'
fi
exit $failed
