#!/bin/sh
# compare --against with --where: which cells need a reference, and what differences, p values and
# families are then, computed anew in Python from the summary of the result.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cat >"$work/sweep.yaml" <<EOT
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.protocol: ideal, slot: 1 h, slots: 24, meters.count: 6, agents.traits: wide}
cases:
  - {name: few, vary: {market.beta: [0.1, 0.9]}}
  - {name: many, set: {meters.prosumer_share: 0.7}, vary: {market.beta: [0.1, 0.9]}}
  - {name: grid, set: {market.mechanism: grid_only}} # reads no beta
vary: {storage.capacity: [4, 12]}
replications: 6
EOT
compared() { gridbourse compare "$work/sweep.h5" --columns saving,cost "$@" >"$work/out" 2>"$work/err"; }
recomputed() { # CASE,... CAPACITY,... REFERENCE OPTION ...: the cells shown are of these
    cases=$1 capacities=$2 reference=$3
    shift 3
    compared --csv "$@" &&
        py "$srcdir/tests/against_where.py" "$work/sweep.h5" "$work/out" "$cases" "$capacities" "$reference" >"$work/said" 2>&1 ||
        { sed 's/^/# /' "$work/said"; false; }
}

gridbourse sweep "$work/sweep.yaml" -o "$work/sweep.h5" --quiet >"$work/out" 2>"$work/err"
ok 'a sweep whose grid-only cells read no beta'
! compared --against case=few && grep -q 'whose market.beta is -: they differ in that key; add market.beta=VALUE' "$work/err"
ok 'cells that are shown need a reference of their own'
! compared --against case=few --where case=grid && grep -q 'whose market.beta is -' "$work/err"
ok '  also where --where chooses them'
recomputed many 4,12 few --against case=few --where case=many
ok 'those that --where leaves out need none, and the reference may lie outside'
compared --against case=few --where case=many && grep -q ': 4 cells against case=few' "$work/out" &&
    grep -q '^2 cells that --where leaves out have no reference of their own and are not counted' "$work/out"
ok '  a person is told so'
recomputed many 12 few --against case=few --where case=many,storage.capacity=12
ok '  families do not change by what is shown'
recomputed many 4,12 few --against case=few --where case=many --where case=few
ok '  nor by a reference that lies inside'
! compared --against case=few --where case=few && grep -q 'no cell but the reference' "$work/err"
ok '  which is compared with nothing itself'
recomputed many,grid,few 4,12 few@0.1 --against case=few,market.beta=0.1
ok 'with a reference of one beta all cells have one'
recomputed many,grid,few 12 few@0.1 --against case=few,market.beta=1e-1 --where storage.capacity=12.0
ok '  whatever the spelling of numbers'
cat >"$work/sweep.yaml" <<EOT
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.crypto: modelled, slot: 1 h, slots: 2, meters.count: 3}
cases:
  - {name: times, set: {chain.protocol: ideal}, vary: {agents.beta_by_time: ["0:00 0.1, 12:00 0.50", "0:00 0.25"]}}
  - {name: others, vary: {chain.delay: [constant 500 ms, uniform 1 s 2 s], market.open: [15 min, 1 h], storage.capacity: [4, 0.5]}}
vary: {start_date: [2023-01-18, 2024-02-29]}
replications: 1
EOT
sed -i '/name: times/s/protocol: ideal}/protocol: ideal, agents.beta: by_time}/' "$work/sweep.yaml"
chosen() { # N CONDITION ...: each is of so many cells
    n_wanted=$1
    shift
    for condition; do
        compared --csv --where "$condition" && [ "$(grep -c ',saving,' "$work/out")" -eq "$n_wanted" ] || { echo "# $condition"; return 1; }
    done
}
gridbourse sweep "$work/sweep.yaml" -o "$work/sweep.h5" --quiet --restart >"$work/out" 2>"$work/err" && chosen 20 case=times,case=others
ok 'a sweep of durations, delays, dates, times of day and numbers'
chosen 8 'market.open=60 min' market.open=3600s 'market.open=1.0 h' chain.delay='constant 0.5 s' chain.delay='uniform 1000 ms 2000 ms' \
    storage.capacity=4.0 storage.capacity=+4 storage.capacity=5e-1 storage.capacity=.50
ok 'durations, delays and numbers are found in whatever words a scenario takes them in'
chosen 2 'agents.beta_by_time=00:00 .1, 12:00 .5' 'agents.beta_by_time=0:00 0.10,12:00 5e-1' agents.beta_by_time='0:00 .25' &&
    chosen 10 start_date=2024-02-29
ok 'and lists of times of day, and dates'
! chosen 2 agents.beta_by_time='0:00 0.1' && grep -q 'no trial has' "$work/err" && ! chosen 8 'market.open=61 min' && grep -q 'no trial has' "$work/err"
ok 'which are no others'
! compared --where chain.delay='constant 500 ms',market.open=1h --against start_date=2023-01-19 && grep -q 'its values are 2023-01-18' "$work/err" &&
    compared --where chain.delay='constant 0.5 s',market.open=60min --against 'start_date=2023-01-18,storage.capacity=0.500' &&
    grep -q ': 3 of 12 cells' "$work/out" || { sed 's/^/# /' "$work/out"; false; }
ok 'likewise references'
echo "1..$n"
exit $failed
