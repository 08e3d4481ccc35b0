#!/bin/sh
# Two homes, one sun: whatever is late, in vain, passed, void or without a partner is counted in the
# column of its cause, and nowhere else, as often as one can count by hand; compare says the same.
#
# Home 0 has 1 kWh to sell in each of two slots, home 1 has 1 kWh to buy. For a slot that starts at 600 s
# the market opens at 0 s, orders leave at 10 s, wake-up r comes at 10 + 60 r s, and the gate falls at
# 540 s, so that there are eight wake-ups: 70, 130, ..., 490 s. A message takes 1 s to its node, unless a
# case says another time; a block that begins at once, for nothing happens long before, takes the leader
# to seal it (at once, or 0.1 s where the message came to another node), 0.3 s to commit and 0.4 s to be
# stable. First quotes are 0.50 and 0.40, which do not meet. All counts below are of both slots.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
strategy=$(cd "$srcdir" && pwd)/tests/hand_strategy.py
. "$srcdir/tests/python.sh"
need_h5py
. "$srcdir/tests/tap.sh"
cd "$work" || exit 99
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

hours() { awk 'BEGIN { for (h = 0; h < 72; h++) printf "2023-%s-%02dT%02d:00:00Z,%s\n", h < 24 ? "05" : "06", h < 24 ? 31 : int(h / 24), h % 24, ARGV[1] }' "$1"; }
{ echo 'time,home0 (W),home1 (W)' && hours 0,1000; } >load.csv
{ echo 'time,home0 (W),home1 (W)' && hours 1000,0; } >sun.csv
cat >hand.yaml <<'END'
format: 1
slot: 60 min
slots: 2
start_date: 2023-06-01
meters: {count: 2, prosumer_share: 1, wind_share: 0, storage_share: 0}
series:
  load: {file: load.csv, label: start}
  sun: {file: sun.csv, label: start}
load.series: load
pv.series: sun
forecast.kind: perfect
market: {mechanism: continuous, open: 10 min, gate: 1 min}
agents: {reaction: constant 10 s, requote.delay: constant 60 s}
chain: {delay: constant 100 ms, client_delay: constant 1 s}
output.level: market
END
cat >counts.py <<'END'
"""The columns of causes that are not 0, as NAME=COUNT, and that each part adds up to its whole."""
import sys

import h5py

summary = h5py.File(sys.argv[1])["summary"]
wholes = ("n_late", "n_refused", "n_amendments_in_vain", "n_passed", "n_unmatched", "n_missed_slots")
parts = ("n_late_", "n_refused_", "n_in_vain_", "n_passed_", "n_unmatched_", "n_missed_")
found = {name: int(summary[name][0]) for name in summary if name.startswith(("n_", "slot"))}
for whole, part in zip(wholes, parts):
    names = [n for n in found if n.startswith(part) and n not in wholes]
    if len(names) < 3 or sum(found[n] for n in names) != found[whole]:
        print("does not add up:", whole)
chosen = [n for n in found if n.startswith(parts) and n not in wholes] + ["n_voided_consensus", "n_amendments_accepted"]
print(*sorted(f"{n}={found[n]}" for n in chosen if found[n]))
END

# run SENTENCE COUNTS OPTION...: a run under the options has those counts, and no others
run() {
    sentence=$1
    echo "$2" >expected
    shift 2
    gridbourse run -q hand.yaml -o hand.h5 "$@" >out 2>err && py counts.py hand.h5 >out 2>err &&
        cmp expected out >>err 2>&1
    ok "$sentence"
    gridbourse compare hand.h5 >compared 2>err
}
# by_hand SENTENCE COUNTS QUOTES OPTION...: the same, the quotes being given
by_hand() {
    sentence_=$1
    counts=$2
    quotes=$3
    shift 3
    run "$sentence_" "$counts" --set agents.strategy=process --set agents.reserve_sell=0.35 \
        --set agents.reserve_buy=0.55 --set "agents.process=$python $strategy $quotes" "$@"
}
# told WORDS COUNT ...: compare says so, each on a line
told() {
    status=0
    while [ $# -gt 0 ]; do
        grep -Eq "^ +$1 +$2$" compared || { status=1; echo "$1: not $2" >>err; }
        shift 2
    done
    [ $status -eq 0 ]
    ok '  and compare says so'
}

echo 1..34
# Links of 65 s: orders leave at 10 s, are traded or rest from 75 s on and are answered at 75.4 to 76 s, so
# that both homes pass the wake-up at 70 s. At 130 s home 1 bids 0.50, which arrives at 195 s and trades;
# home 0 has heard of no trade and stays. At 190 s home 1 has no answer yet, and home 0, which cannot
# know what arrives at 195 s, asks 0.45: that arrives at 255 s, behind the fill.
by_hand 'who amends what was filled on its way loses a race' \
    'n_amendments_accepted=2 n_in_vain_fill_race=2 n_passed_no_anchor=2 n_passed_unanswered=6' \
    '1@2=0.50 0@3=0.45' --set 'chain.client_delay=constant 65 s'
told 'amendments in vain' 2 'filled before' 2 'an action was unanswered' 6 'no trade heard of' 2
# Links of 1 s: the bid of 130 s trades at 131 s, and home 0 knows at 190 s. Wake-ups: 70 s twice, 130 s once.
by_hand 'on a fast link it knows, and there is no race' \
    'n_amendments_accepted=2 n_passed_no_anchor=6' '1@2=0.50 0@3=0.45'
told 'amendments in vain' 0 'no trade heard of' 6
# The ledger's order decides: both move at 130 s and arrive at 131 s in one block. Whichever comes first
# crosses the other's standing quote, and fills it before the amendment behind it.
by_hand 'of two that cross in one block the second is too late' \
    'n_amendments_accepted=2 n_in_vain_fill_race=2 n_passed_no_anchor=4' '0@2=0.40 1@2=0.50'
told 'filled before' 2
# An amendment behind its order, not overtaking it, and one before the fill: 0.47 at 131 s does not meet 0.40,
# 0.47 at 191 s does. No wake-up is left.
by_hand 'before a fill it counts, and the fill is at the new quote' \
    'n_amendments_accepted=4 n_passed_no_anchor=8' '0@2=0.47 1@3=0.47'
told 'mean price' '0.4700 currency/kWh' 'amendments in vain' 0

# Links drawn between 0 and 180 s overtake one another, but an agent waits for its answer: no message of an
# order is ever overtaken by another one of it. Both move at every wake-up at which they may.
gridbourse run -q hand.yaml -o hand.h5 --set agents.strategy=process --set agents.reserve_sell=0.35 \
    --set agents.reserve_buy=0.55 --set 'chain.client_delay=uniform 0 s 180 s' --set slots=12 \
    --set "agents.process=$python $strategy $(for r in 1 2 3 4 5 6 7 8; do printf '0@%d=0.4%d 1@%d=0.3%d ' $r $r $r $r; done)" \
    >out 2>err && py counts.py hand.h5 >out &&
    grep -q 'n_amendments_accepted=[1-9]' out && grep -q 'n_passed_unanswered=[1-9]' out && ! grep -q superseded out
ok 'who waits for its answer is superseded by nobody, whatever overtakes what'
# What a ledger has of senders who do not wait (tests/test_overtaken.c) is shown by its name.
py -c '
import h5py

with h5py.File("hand.h5", "r+") as file:
    for name in ("n_in_vain_superseded", "n_amendments_in_vain", "n_amendments"):
        file["summary"][name][0] += 3
' >out 2>err && gridbourse compare hand.h5 >compared 2>err
told 'superseded by a later one' 3

# No quote moves and no trade is heard of: all eight wake-ups of both pass.
by_hand 'without a trade there is nothing to go towards' \
    'n_passed_no_anchor=32 n_unmatched_never_met=4' ''
told 'wake-ups passed' 32 'no trade heard of' 32 'quotes never met, though reserves suited' 4
# Home 0 has 2 kWh. Home 1 bids 0.50 from the beginning and takes one of them. What is left wakes eight
# times, knowing of the trade: at 190 s it would move by 0.0004, less than the smallest step of 0.0005;
# at 250 s by that, and does.
by_hand 'too small a step is none' \
    'n_amendments_accepted=2 n_passed_no_step=14' '1@0=0.50 0@3=0.4996 0@4=0.4995' --set series.sun.scale=2
told 'wake-ups passed' 14 'nothing to say' 14
# Links of 65 s, and who allows for a round trip of 65.4 to 66 s ends his day at 474 s: 70 s is unanswered,
# 130 to 430 s are six without a trade, 490 s is behind the own gate.
by_hand 'who allows for his round trip passes what comes behind his own gate' \
    'n_passed_no_anchor=24 n_passed_own_gate=4 n_passed_unanswered=4 n_unmatched_never_met=4' '' \
    --set 'chain.client_delay=constant 65 s' --set agents.latency_aware=1
told "behind the agent's own gate" 4
# Quotes of paper_beta about 0.50 and 0.52 do not meet, and go towards each other by a tenth of more than 0.05 at
# each wake-up; 1 kWh at a margin below 0.28 is worth less than a fee of 1.
run 'what is not worth its fee is not sent' 'n_passed_fee=32 n_unmatched_never_met=4' \
    --set agents.reserve_sell=0.50 --set agents.reserve_buy=0.52 --set market.information=book \
    --set agents.requote.no_trade=best_opposite --set chain.fee=1
told 'not worth the fee' 32

# In flight at the gate. Sent at 490 s, on its link until 555 s.
by_hand 'on its link at the gate an amendment is in vain' \
    'n_in_vain_link=2 n_passed_no_anchor=26 n_passed_unanswered=4 n_unmatched_never_met=4' '1@8=0.50' \
    --set 'chain.client_delay=constant 65 s'
told "on the client's link at the gate" 2
# Two arrive at 539.8 s where a block has one transaction: the first is sealed by 539.9 s, the other once that
# has committed, at 540.1 s at the earliest.
by_hand 'in a pool at the gate it is' \
    'n_amendments_accepted=2 n_in_vain_pool=2 n_passed_no_anchor=28 n_unmatched_never_met=4' \
    '0@8=0.48 1@8=0.42' --set 'chain.client_delay=constant 49.8 s' --set chain.block.max_transactions=1
told 'at a pool at the gate' 2
# Two rounds, between which users quote anew: gates at 300 s and 450 s, links between validators of 10 s, so that
# a block takes up to 10 s to be sealed and 40 s to be stable. The first close leaves at 300 s and is stable at
# 341 to 351 s; 70 s later home 0 amends, which arrives at 412 to 422 s, is sealed by 432 s and stable at
# 452 s at the earliest. Home 1 stays.
by_hand 'in a block not yet stable it is' 'n_in_vain_consensus=2 n_passed_no_anchor=2' '0@1=0.48' \
    --set market.mechanism=two_round --set market.requote.by=user --set 'market.gate=5 min' \
    --set 'chain.delay=constant 10 s' --set 'agents.requote.delay=constant 70 s'
told 'in a block not yet stable at the gate' 2
# The same of new orders.
by_hand 'sent behind the gate an order is late' 'n_late_sent=4' '' --set 'agents.reaction=constant 541 s'
told 'orders too late' 4 'sent after the gate' 4
by_hand 'on its link at the gate it is' 'n_late_link=4' '' --set 'agents.reaction=constant 539.5 s'
told "still on the client's link at the gate" 4
by_hand 'in a pool at the gate it is, and the other one meets nobody' 'n_late_pool=2 n_unmatched_reserve=2' '' \
    --set 'agents.reaction=constant 538.8 s' --set chain.block.max_transactions=1
told 'still at a pool at the gate' 2 'no reserve of the other side suited' 2
# A call market, links between validators of 0.2 s: arrived at 539.5 s, sealed by 539.7 s, stable at 540.3 s.
# Home 1 needs nothing, for where both send the second has to wait for the next block.
by_hand 'in a block not yet stable it is' 'n_late_consensus=2' '' --set market.mechanism=two_round \
    --set 'agents.reaction=constant 538.5 s' --set 'chain.delay=constant 200 ms' --set series.load.scale=1e-9
told 'in a block not yet stable at the gate' 2
# Where orders trade as they come they count in blocks, and what is not stable when delivery begins is void: links of
# 30 s, a bid sent at 490 s, sealed by 521 s, stable at 611 s.
gridbourse run -q hand.yaml -o hand.h5 --set agents.strategy=process --set agents.reserve_sell=0.35 \
    --set agents.reserve_buy=0.55 --set 'chain.delay=constant 30 s' \
    --set "agents.process=$python $strategy 1@8=0.50" >out 2>err && py counts.py hand.h5 >out &&
    grep -q 'n_voided_consensus=2$' out && gridbourse compare hand.h5 >compared 2>err
ok 'a trade in a block that is not stable when delivery begins is void'
told "trades above the open's height" 2
exit "$failed"
