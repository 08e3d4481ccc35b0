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
echo "1..$n"
exit $failed
