#!/bin/sh
# The orders of a run, slot by slot: `gridbourse book` writes them, and `gridbourse clear` of that book
# makes the recorded trades, one by one (tests/cleared.py), whatever the mechanism and however late messages are.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"
need_h5py

# traded SLOTS TRADES SETTING ...: a village of those settings, cleared: at least so many of both
traded() {
    slots=$1 trades=$2
    shift 2
    for setting in "$@"; do
        shift
        set -- "$@" --set "$setting"
    done
    gridbourse run "$srcdir/experiments/village.yaml" -q -o "$work/run.h5" --set slots=44 --set meters.count=30 \
        --set chain.crypto=modelled \
        --set meters.prosumer_share=0.6 --set meters.wind_share=0.5 --set output.level=market --set agents.traits=wide \
        --set agents.source_preference.solar=0.3 --set agents.source_preference.wind=0.3 "$@" 2>"$work/err" &&
        py "$srcdir/tests/cleared.py" "$work/run.h5" >"$work/out" 2>>"$work/err" &&
        read -r n_slots n_trades <"$work/out" && [ "$n_slots" -ge "$slots" ] && [ "$n_trades" -ge "$trades" ]
}
about_0='tariff.retail=0.14 tariff.feed_in=-0.14'

echo 1..18
traded 3 12
ok 'two rounds by contract'
traded 3 12 market.books=pooled market.requote.rounds=3 market.requote.memory=slot \
    market.requote.match=crossing market.requote.anchor=vwap
ok 'four rounds that remember the slot'
traded 3 12 market.requote.match=unconditional market.on_head_fail=stop market.k=0.25 market.beta=0.7
ok 'two rounds of other options'
traded 3 12 market.requote.by=user
ok 'two rounds between which users quote anew'
traded 3 9 market.requote.by=user 'chain.delay=exponential 5 s' 'market.second_gate=140 s'
ok 'on slow links, too'
traded 3 12 market.mechanism=continuous
ok 'orders that trade as they come'
traded 3 6 market.mechanism=continuous market.trade_price=resting 'chain.delay=exponential 20 s'
ok 'on slow links, too, where some trades are void'
traded 3 12 market.mechanism=continuous chain.protocol=ideal agents.reaction='constant 0 s'
ok 'with an ideal chain and no reaction delay, where all orders of a slot come at one time'
for mechanism in uniform pay_as_bid mid_market_rate mcafee huang; do
    # shellcheck disable=SC2086
    traded 3 5 market.mechanism=$mechanism market.books=pooled $about_0
    ok "$mechanism, about 0"
done
traded 3 12 market.mechanism=uniform market.k=0.3
ok 'one price, a share of the way from ask to bid, by source'
for options in market.mechanism=mid_market_rate market.requote.by=contract market.requote.by=user; do
    traded 3 5 "$options" community.export_limit=3 community.import_limit=4
    ok "$options, orders cut beyond the limits of the community"
done
traded 0 0 market.mechanism=grid_only
ok 'and where nothing trades there is nothing to clear'
