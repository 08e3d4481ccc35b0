#!/bin/sh
# Every published figure is computed anew by a program that shares nothing with this one, on random
# scenarios: storage, forecast errors, PBFT on slow networks, missed slots, every mechanism; and on random
# villages of kinds of households and of homes listed one by one, whose prices, limits and controllers differ.
# GB_ORACLE (how many, and a tenth of them villages) and GB_ORACLE_FIRST (the number of the first) make it longer.
count=${GB_ORACLE:-110}
first=${GB_ORACLE_FIRST:-1}
n_villages=$(((count + 9) / 10)) first_village=$first troubles='' villages=''
# of the usual ones it is known that they hold every kind
[ -n "$GB_ORACLE" ] || n_villages=48 first_village=20 troubles=--troubles villages=--villages
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"
"$python" -c 'import h5py' 2>/dev/null || {
    echo '1..0 # SKIP no Python with h5py here'
    exit 0
}

# run_all: a result for every scenario; what does not run is shown with its scenario
run_all() {
    n_failed=0
    number=$first
    while [ "$number" -lt $((first + count)) ]; do
        awk -v number="$number" -f "$srcdir/tests/random_scenario.awk" >"$work/$number.yaml"
        [ $((number % 3)) -ne 0 ] || echo 'chain.fee: 0.001000001' >>"$work/$number.yaml"
        if ! gridbourse run "$work/$number.yaml" -o "$work/$number.h5" --quiet 2>"$work/words"; then
            n_failed=$((n_failed + 1))
            cat "$work/words" "$work/$number.yaml" >>"$work/out"
        fi
        number=$((number + 1))
    done
    [ "$n_failed" -eq 0 ]
}
run_villages() {
    n_failed=0
    "$python" -B "$srcdir/tests/random_village.py" "$work" "$first_village" "$n_villages" || return
    # all is foreseen, and orders are cut or generation is curtailed for all together; forecasts of files and of the
    # mean of a week, homes at one place, batteries that feed in beyond a limit
    [ -z "$villages" ] || for number in 1010 1110 105 118 121 158 162 242; do
        "$python" -B "$srcdir/tests/random_village.py" "$work" "$number" 1 || return
    done
    for village in "$work"/v*.yaml; do
        if ! gridbourse run "$village" -o "${village%.yaml}.h5" --quiet 2>"$work/words"; then
            n_failed=$((n_failed + 1))
            cat "$work/words" "$village" >>"$work/out"
        fi
    done
    [ "$n_failed" -eq 0 ]
}
# the oracle over results, a hundred at a time: those of thousands are long command lines
oracle() {
    mode=$1
    shift
    echo "$@" | xargs -n 110 "$python" -B "$srcdir/tests/kpi_oracle.py" $mode >"$work/out" 2>"$work/err"
}
# sensitivity NAME: of a run of the scenario that is read
sensitivity() {
    cat >"$work/small.yaml"
    gridbourse run "$work/small.yaml" -o "$work/small.h5" --quiet >"$work/out" 2>"$work/err" &&
        oracle --sensitivity "$work/small.h5"
    ok "$1"
    grep '^# .* columns' "$work/out"
}

echo 1..6
: >"$work/out"
run_all
ok "$count random scenarios run"
oracle "$troubles" "$work"/[0-9]*.h5
ok "every figure of /summary, /slots and /users is what the oracle finds, with every kind of trouble"
grep '^#' "$work/out"
: >"$work/out"
run_villages
ok "$n_villages random villages of kinds run"
oracle "$villages" "$work"/v*.h5
ok "and so are their figures, of /kinds too: rows of meters, fees, mixes, prices, limits, controllers"
sensitivity "the oracle sees a change of any column" <<'END'
format: 1
slots: 4
orders.inline: |
  id,owner,side,price,quantity,time,slot,source
  a,0,sell,0.4,2,1,0,solar
  b,1,buy,0.5,1.5,1,0,solar
  c,2,sell,0.41,1,1,1,wind
  d,1,buy,0.46,2,2,1,any
meters: {count: 3, delivery: declared}
chain: {protocol: pbft}
output: {level: meters}
END
sensitivity "of /kinds, too" <<'END'
format: 1
slots: 4
slot: 60 min
site.utc_offset: -4
chain.protocol: ideal
output.level: meters
households:
  farm: {count: 1, load: {yearly: 9000}, pv: {size: 8}, heat_pump: {power: 2}, ev: {power: 3.7}, storage: {capacity: 5}}
  flat: {count: 1, load: {yearly: 2500}, agents: {strategy: zip}}
END
exit $failed
