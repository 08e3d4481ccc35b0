#!/bin/sh
# The figure of loads beside measured ones: its numbers computed anew in Python, a run beside its own
# loads, and what it says where the two cannot stand side by side.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"
need_h5py
cd "$work" || exit 99

cat >village.yaml <<'END'
format: 1
start_date: 2023-03-25
days: 4
slot: 15 min
site.time_zone: CET-1CEST,M3.5.0,M10.5.0/3
meters: {count: 7, ev_share: 0.5, heat_pump_share: 0.5}
site.temperature_model: process
chain.protocol: ideal
output.level: meters
END
# draws OPTION ...: the figure of the village beside a series; its data stand in f/measured.dat
draws() { rm -rf f && gridbourse figures village.h5 -d f --format svg --only measured --beside "$@" >out 2>err; }
says() { grep -qF -- "$1" err; }

echo 1..9
gridbourse run village.yaml -q -o village.h5 2>err && py "$srcdir/tests/measured.py" --export village.h5 own.csv 2>>err &&
    draws own.csv --label start --zone CET-1CEST,M3.5.0,M10.5.0/3 &&
    py "$srcdir/tests/measured.py" village.h5 f/measured.dat 1 2>>err
ok 'its numbers are those computed anew, over a change of clocks'
awk '!/^#/ && NF == 7 { n++; for (i = 2; i <= 4; i++) if ($i != $(i + 3)) bad = 1 } END { exit bad || n < 400 }' f/measured.dat
ok 'beside its own loads a run has twice the same'
grep -q 'Loads of 7 modelled homes beside 7 of own.csv' f/measured.txt
ok 'and says of how many homes'
awk 'NR == 1 { print; next } (NR - 2) % 4 == 0 { split($0, first, ",") }
     { for (i = 2; i <= 8; i++) sum[i] += $0 ~ /,/ ? (split($0, cell, ",") ? cell[i] : 0) : 0 }
     (NR - 2) % 4 == 3 { line = first[1]; for (i = 2; i <= 8; i++) { line = line "," sum[i]; sum[i] = 0 } print line }' \
    FS=, own.csv >hours.csv
draws hours.csv --label start --zone CET-1CEST,M3.5.0,M10.5.0/3 &&
    py "$srcdir/tests/measured.py" village.h5 f/measured.dat 4 2>>err
ok 'a coarser series makes both as coarse'
awk '!/^#/ && NF == 7 { for (i = 2; i <= 4; i++) if (($i - $(i + 3)) ^ 2 > 1e-20) bad = 1 } END { exit bad }' f/measured.dat
ok 'and hours of the same loads are the same'
sed 's/(Wh)/(degree)/g' own.csv >odd.csv
! draws odd.csv --label start && says 'has no column of power or energy'
ok 'what is no load is refused'
! draws own.csv && says 'still to be said: --label start or --label end'
ok 'what a file cannot tell is asked for'
head -20 own.csv >short.csv
! draws short.csv --label start && says 'holds less than two days'
ok 'less than two days are no statistics'
! gridbourse figures village.h5 -d f --label start >out 2>err && says 'said of which series? (--beside FILE)' &&
    ! gridbourse figures village.h5 -d f --only measured >out 2>err && says 'no measured series is named (--beside FILE)'
ok 'without a series there is nothing to be beside'
exit $failed
