#!/bin/sh
# Two rounds between which users quote anew, each by a message of its own: against the contract that
# does it for them, against a program of its own (tests/requoting.py), and against `clear`.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"
experiments=$(cd "$srcdir" && pwd)/experiments

# market NAME SCENARIO OPTION ...: a run, into NAME.h5
market() {
    name=$1
    scenario=$2
    shift 2
    gridbourse run "$experiments/$scenario" -q -o "$work/$name.h5" --set output.level=market "$@" \
        2>"$work/err"
}
# The trades of a result, and their rounds.
trades() {
    py -c '
import sys
import h5py
t = h5py.File(sys.argv[1])["trades"]
names = ("interval", "number", "round", "seller", "buyer", "energy_wh", "price_buy")
for row in zip(*(t[n][()] for n in names)):
    print(*row)
' "$work/$1.h5"
}
at_once='--set chain.protocol=ideal --set agents.requote.min_step=0 --set slots=60 --set meters.count=20'

echo 1..7
market paper paper.yaml --set market.requote.by=user --ledger "$work/paper.gbl" &&
    gridbourse ledger verify "$work/paper.gbl" >"$work/out" 2>"$work/err" &&
    gridbourse ledger trace "$work/paper.gbl" --trade 0:5 >"$work/out" 2>"$work/err" &&
    grep -q 'offers 435 kWh at 0.495' "$work/out"
ok "the paper's case by signed quotes verifies, and its last trade traces back to one"
if ! has_h5py; then
    for what in "the paper" "a village" "a wait" "a replay" "clear" "draws"; do
        skip "$what" "no Python with h5py here"
    done
    exit
fi
market contract paper.yaml && trades contract >"$work/a" && trades paper >"$work/b" &&
    [ -s "$work/a" ] && cmp "$work/a" "$work/b" >"$work/err"
ok "the paper's case trades as if the contract quoted anew"
# shellcheck disable=SC2086  # options
market by-contract village.yaml $at_once &&
    market by-user village.yaml $at_once --set market.requote.by=user \
        --set "agents.requote.delay=constant 0 ms" &&
    trades by-contract >"$work/a" && trades by-user >"$work/b" &&
    grep -q ' 2 ' "$work/a" && cmp "$work/a" "$work/b" >"$work/err"
ok "without delays a village trades to the tick as if the contract quoted anew"
# shellcheck disable=SC2086
market never village.yaml $at_once --set market.requote.by=user \
    --set "agents.requote.delay=constant 1 h" &&
    market beta-0 village.yaml $at_once --set market.beta=0 &&
    market crossing village.yaml $at_once --set market.requote.by=user \
        --set market.requote.match=crossing --set "agents.requote.delay=constant 1 h" &&
    market single village.yaml $at_once --set market.requote.rounds=0 &&
    trades never >"$work/a" && trades beta-0 >"$work/b" && cmp "$work/a" "$work/b" >"$work/err" &&
    trades crossing >"$work/a" && trades single >"$work/b" && [ -s "$work/b" ] &&
    cmp "$work/a" "$work/b" >"$work/err"
ok "who reacts too late keeps the old quote: beta 0, and where quotes must cross no second round"
cat >"$work/replay.yaml" <<END
format: 1
scenario: $experiments/village.yaml
set:
  meters.count: 14
  slots: 60
  chain.crypto: modelled
  output.level: market
  market.books: pooled
  market.requote.by: user
vary:
  chain.delay: [exponential 200 ms, exponential 12 s]
  market.second_gate: [half, 280 s]
replications: 9
END
gridbourse sweep "$work/replay.yaml" -o "$work/replay.h5" --quiet 2>"$work/err" &&
    py "$srcdir/tests/requoting.py" "$work/replay.h5" >"$work/out" 2>"$work/err" &&
    read -r trials traded amended <"$work/out" && [ "$trials" -ge 30 ] && [ "$traded" -gt 500 ] &&
    [ "$amended" -gt 1000 ]
ok "a replay of /orders alone makes the same trades of at least 30 coupled runs"
market slow village.yaml --set meters.count=14 --set slots=60 --set chain.crypto=modelled --set market.books=pooled \
    --set market.requote.by=user --set "chain.delay=exponential 5 s" &&
    py "$srcdir/tests/cleared.py" "$work/slow.h5" >"$work/out" 2>"$work/err" &&
    read -r slots cleared <"$work/out" && [ "$slots" -ge 3 ]
ok "clear of what stood at the second gate makes the trades of the run"
py -c '
import sys
import h5py
def first(path):
    o = h5py.File(path)["orders"]
    return [r for r in zip(o["interval"][()], o["meter"][()], o["quantity_wh"][()], o["price"][()],
                           o["reserve"][()], o["sent"][()], o["action"][()]) if r[-1] == 0]
a, b = map(first, sys.argv[1:])
sys.exit(a != b or not a)
' "$work/by-contract.h5" "$work/by-user.h5" >"$work/out" 2>"$work/err"
ok "orders, quotes and moments of the first round are those of the contract's market"
