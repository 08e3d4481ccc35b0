#!/bin/sh
# Villages as a user makes them: written by init, with what stands there as comments, and from a table of
# meters, which a sweep does not go on with once it has changed.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cp "$srcdir/experiments/meters.csv" "$work"
cd "$work" || exit 99
says() { grep -qF -- "$1" "$work/out" "$work/err"; }
run() { gridbourse "$@" >"$work/out" 2>"$work/err"; }

echo 1..10
run init --village mine.yaml && run run --check mine.yaml && says 'good: 12 meters (2 farm, 6 flat, 4 terrace), 672 slots'
ok 'init writes a village of three kinds'
sed 's/^  # \(mill:\|  \)/  \1/' mine.yaml >whole.yaml && run run --check whole.yaml && says '(2 farm, 6 flat, 1 mill, 4 terrace)'
ok 'what stands there as a comment is a kind, too'
run run --check "$srcdir/experiments/village-of-meters.yaml" && says 'good: 8 meters (2 farm, 2 flat, 4 terrace), 192 slots'
ok 'a table of meters makes a village'
sed 's/^days: 2/slots: 2/; s/protocol: pbft, nodes: 4, crypto: modelled/protocol: ideal/' \
    "$srcdir/experiments/village-of-meters.yaml" >village.yaml
printf 'format: 1\nscenario: village.yaml\nvary: {households.terrace.pv.tilt: [20, 40]}\nreplications: 2\n' >sweep.yaml
run sweep sweep.yaml -o sweep.h5 --quiet && run sweep sweep.yaml -o sweep.h5 --resume && says 'all 4 trials are in sweep.h5 already'
ok 'a sweep of it knows its own'
sed 's/^Upper Farm,farm,25,/Upper Farm,farm,26,/' meters.csv >changed && mv changed meters.csv &&
    ! run sweep sweep.yaml -o sweep.h5 --resume && says "'sweep.h5' is the result of something else"
ok 'and does not go on with another table'
! run run village.yaml -o meters.csv && says "meters.file ('meters.csv') and the result ('meters.csv') are the same file"
ok 'nor does a result take the place of the table'
sed 's/^days: 7 .*/slots: 40/' "$srcdir/experiments/village-week.yaml" >week.yaml && cp "$srcdir/experiments/load.csv" .
run run --check "$srcdir/experiments/village-week.yaml" && says 'good: 12 meters (2 farm, 6 flat, 4 terrace), 668 slots'
ok 'a week with the change of clocks has 668 slots of 15 min'
run run week.yaml --set chain.crypto=real -o week.h5 --ledger week.ledger && gridbourse ledger verify week.ledger >out && run compare week.h5 && says 'truthful' && says 'terrace 4'
ok 'a village of kinds with series, cars, batteries, connections and tariffs of their own runs and is compared'
run run week.yaml --set slots=90 --set households.farm.connection=5 --set households.farm.ev.plugged_in=0.5 --set households.farm.ev.days=1 -o week.h5 &&
    grep -qE '^  cars       left with [0-9.]+ kWh less than they needed; [0-9.]+ kWh without the market$' out &&
    grep -qE '^  curtailed  [0-9.]+ kWh that connections did not carry; [0-9.]+ kWh without the market$' out
ok 'what cars did not get and connections did not carry is said'
# block LANGUAGE: what stands so in the page, below the head of homes alone
block() { awk -v fence="\`\`\`$1" '/^## / {is = /^## Some homes alone/} $0 == "```" {on = 0} on; is && $0 == fence {on = 1}' "$srcdir/doc/villages.md"; }
cp "$srcdir/experiments/village-of-kinds.yaml" .
block yaml | sed 's/days: 1/slots: 48, chain.protocol: ideal/' >homes.yaml && block sh | sed 's/^gridbourse figures.*/& --format svg/' >homes.sh
[ "$(grep -c '^gridbourse ' homes.sh)" -eq 5 ] && sh -e homes.sh >out 2>err && [ -s figures/curves.dat ] &&
    says 'Of the homes of kind terrace and strategy zip alone.' && says 'saving/n_homes, EUR' &&
    grep -q '^by_source,0.5,kind=farm,homes of farm,' out
ok 'the commands of the page about some homes alone do what it says'
exit $failed
