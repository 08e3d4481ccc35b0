#!/bin/sh
# Every published figure is computed anew by programs that share nothing with this one, on random
# scenarios: storage, forecast errors, PBFT on slow networks, missed slots, every mechanism; and, by the one in
# Python, on random villages of kinds of households, whose prices, limits and controllers differ.
# GB_ORACLE (how many, and a tenth of them villages) and GB_ORACLE_FIRST (the number of the first) make it longer.
count=${GB_ORACLE:-110}
first=${GB_ORACLE_FIRST:-1}
kinds=
n_villages=$(((count + 9) / 10)) first_village=$first villages=
# of the usual ones it is known that they hold every kind
[ -n "$GB_ORACLE" ] || kinds=--kinds n_villages=24 first_village=20 villages=--villages
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"

# run_all: a result for every scenario; what does not run is shown with its scenario
run_all() {
    n_failed=0
    number=$first
    while [ "$number" -lt $((first + count)) ]; do
        awk -v number="$number" -f "$srcdir/tests/random_scenario.awk" >"$work/$number.yaml"
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
    # all is foreseen, and orders are cut or generation is curtailed for all together
    [ -z "$villages" ] || for number in 1010 1110; do
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
# the same of those that ran, a hundred at a time: results of thousands are long command lines
oracle() {
    echo "$work"/[0-9]*.h5 | xargs -n 110 "$@" >"$work/out" 2>"$work/err"
}

echo 1..6
: >"$work/out"
run_all
ok "$count random scenarios run"
oracle "$builddir/tests/kpi_oracle" $kinds
ok "the oracle in C finds every figure of /summary, /slots and /users, and every kind of trouble"
grep '^#' "$work/out"
if "$python" -c 'import h5py' 2>/dev/null; then
    oracle "$python" -B "$srcdir/tests/kpi_oracle.py"
    ok "and so does the one in Python"
    run_villages
    ok "$n_villages random villages of kinds run"
    echo "$work"/v*.h5 | xargs -n 110 "$python" -B "$srcdir/tests/kpi_oracle.py" $villages >"$work/out" 2>"$work/err"
    ok "and so do their figures, of /kinds too: prices by time and series, limits, controllers of batteries"
else
    skip "and so does the one in Python" "no Python with h5py here"
    skip "random villages of kinds run" "no Python with h5py here"
    skip "and so do their figures" "no Python with h5py here"
fi
cat >"$work/plain.yaml" <<'END'
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
gridbourse run "$work/plain.yaml" -o "$work/plain.h5" --quiet >"$work/out" 2>"$work/err" &&
    "$builddir/tests/kpi_oracle" --sensitivity "$work/plain.h5" >"$work/out" 2>"$work/err"
ok "the oracle sees a change of any column"
grep '^# .* columns' "$work/out"
exit $failed
