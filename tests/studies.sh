#!/bin/sh
# The ready studies as a user runs them, short: all are good, run, draw what their heads say, and go on.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
studies=$srcdir/experiments/studies.sh
# six slots of an ideal chain from midnight on, two replications; without gnuplot there are scripts and data
mkdir "$work/bin"
for tool in sh sed grep cat dirname basename mkdir rm; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
short() { (PATH=$work/bin GB_SWEEP_OPTIONS='--replications 2 --set slots=2' sh "$studies" "$builddir/gridbourse" "$@"); }

for file in "$srcdir"/experiments/*.yaml; do
    grep -q '^#     gridbourse sweep' "$file" || continue
    gridbourse sweep --check -q "$file" -o "$work/check.h5" >"$work/out" 2>"$work/err" &&
        grep -q '^# Expected: ' "$file" && grep -q '^# Run time: ' "$file"
    ok "$(basename "$file") is good, and says what is expected and how long it runs"
done
short "$work/all" >"$work/out" 2>"$work/err"
ok "all studies run and draw"
for name in beta-sweep/effect market-size/curves beta-by-size/map chain-latency/chain gate-frontier/curves \
    decomposition/causes penetration/map storage/curves books-by-source/effect \
    beta-latency/map beta-latency/curves beta-latency/effect call-or-continuous/curves \
    street-consensus/effect beta-equilibrium/map beta-equilibrium/effect strategies/map regret/effect; do
    test -s "$work/all/$name.gp" && test -s "$work/all/$name.dat"
    ok "$name is there"
done
short "$work/all" storage >"$work/out" 2>"$work/err" && grep -q 'trials are in storage.h5 already' "$work/out"
ok "what is finished is not run again"
short "$work/all" nothing >"$work/out" 2>"$work/err"
test $? -eq 2 && grep -q "no study 'nothing'" "$work/err"
ok "a study that is not there is named"

echo "1..$n"
exit $failed
