#!/bin/sh
# The ready studies as a user runs them, short: all are good, run, draw what their heads say, and go on.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
studies=$srcdir/experiments/studies.sh
# the slot from midnight on, two replications; without gnuplot there are scripts and data
mkdir "$work/bin"
for tool in sh sed grep cat dirname basename mkdir rm; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
run_short() { (PATH=$work/bin GB_SWEEP_OPTIONS=$1 && export GB_SWEEP_OPTIONS && shift && sh "$studies" "$builddir/gridbourse" "$@"); }
short() { run_short '--replications 2 --set slots=1' "$@"; }

for file in "$srcdir"/experiments/*.yaml; do
    grep -q '^#     gridbourse sweep' "$file" || continue
    gridbourse sweep --check -q "$file" -o "$work/check.h5" >"$work/out" 2>"$work/err" &&
        grep -q '^# Expected: ' "$file" && grep -q '^# Run time: ' "$file"
    ok "$(basename "$file") is good, and says what is expected and how long it runs"
done
# shellcheck disable=SC2046
short "$work/all" $(cd "$srcdir/experiments" && grep -l '^#     gridbourse sweep' ./*.yaml |
    sed 's,^\./,,; s,\.yaml$,,; /^strategies-mix$/d') >"$work/out" 2>"$work/err"
ok "all studies run and draw, but for one that takes days"
run_short '--replications 1 --set days=3 --set meters.count=20' "$work/all" strategies-mix >"$work/out" 2>"$work/err"
ok "which does, too"
grep -q '^ *truthful *&' "$work/all/strategies-mix/compare.tex"
ok "  and its table has a row a strategy"
for name in beta-sweep/effect market-size/curves beta-by-size/map chain-latency/chain gate-frontier/curves \
    decomposition/causes penetration/map storage/curves books-by-source/effect \
    beta-fee/effect beta-fee/curves beta-latency/map beta-latency/curves beta-latency/effect call-or-continuous/curves \
    street-consensus/effect beta-equilibrium/map beta-equilibrium/effect strategies/map \
    strategies-mix/convergence strategies-mix/mre/convergence regret/effect regret/beta/effect; do
    test -s "$work/all/$name.gp" && test -s "$work/all/$name.dat"
    ok "$name is there"
done
short "$work/all" storage >"$work/out" 2>"$work/err" && grep -q 'trials are in storage.h5 already' "$work/out"
ok "what is finished is not run again"
with() { (PATH=$work/bin GB_SWEEP_OPTIONS=$1 && export GB_SWEEP_OPTIONS && shift && sh "$studies" "$@" >"$work/out" 2>"$work/err"); }
little='--set slots=2 --set meters.count=4'
with "$little" "$builddir/gridbourse" "$work/half" storage && grep -q '^100 of 100 trials' "$work/err" "$work/out"
ok "a study runs at half its replications"
with "$little" --whole "$builddir/gridbourse" "$work/whole" storage && grep -q '^200 of 200 trials' "$work/err" "$work/out"
ok "or whole"
short "$work/all" nothing >"$work/out" 2>"$work/err"
test $? -eq 2 && grep -q "no study 'nothing'" "$work/err"
ok "a study that is not there is named"

echo "1..$n"
exit $failed
