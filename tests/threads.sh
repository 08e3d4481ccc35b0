#!/bin/sh
# One run by any number of threads gives the same bytes, where meters divide into no equal parts.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"

cat >village.yaml <<'EOF'
format: 1
households:
  flat: {count: 5011, load: {yearly: 2200}}
  terrace: {count: 1753, pv: {size: 5}, storage: {}}
  farm: {count: 251, pv: {size: 25}, wind: {}}
start_date: 2023-06-21
slots: 7
slot: 2 h
market.open: 15 min
chain.protocol: ideal
output.level: meters
EOF

# result THREADS [ARGUMENT ...]
result() {
    threads=$1
    shift
    gridbourse run village.yaml --threads "$threads" -q -o "$threads.h5" "$@" >out 2>err && [ -s "$threads.h5" ]
}

for set in clouds.model=regional clouds.model=drifting forecast.kind=perfect load.model=habits; do
    result 1 --set "$set" && result 2 --set "$set" && result 3 --set "$set" && cmp 1.h5 2.h5 >out && cmp 1.h5 3.h5 >out
    ok "a run with $set has the same bytes on 1, 2 and 3 threads"
done
OMP_NUM_THREADS=2 gridbourse run village.yaml -q -o by-variable.h5 >out 2>err && result 1 && cmp 1.h5 by-variable.h5 >out
ok "so it has where the environment says how many"

# what is shared out from 16384 meters, or events of a block, on: forecasts, plans, metering, what settled
# trades and bills move, closing
cat >town.yaml <<'EOF'
format: 1
households:
  flat: {count: 6011, load: {yearly: 2200}}
  terrace: {count: 9753, pv: {size: 5}, storage: {}}
  farm: {count: 2251, pv: {size: 25}, wind: {}}
start_date: 2023-06-21
slots: 4
slot: 4 h
market.open: 15 min
chain.protocol: ideal
EOF

town() {
    threads=$1
    shift
    gridbourse run town.yaml --threads "$threads" -q -o "$threads.h5" "$@" >out 2>err && [ -s "$threads.h5" ]
}

for set in output.level=summary output.level=meters settlement.rule=delivered; do
    town 1 --set "$set" && town 2 --set "$set" && town 3 --set "$set" && cmp 1.h5 2.h5 >out && cmp 1.h5 3.h5 >out
    ok "a town with $set has the same bytes on 1, 2 and 3 threads"
done
echo "1..$n"
exit $failed
