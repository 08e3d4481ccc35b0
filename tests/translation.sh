#!/bin/sh
# Nothing but differences of prices counts: a band that lies elsewhere, below 0 or about it, has the
# same orders and the same trades at prices that lie as much elsewhere, whatever the strategy and the
# mechanism. Half of an odd sum is rounded to an even tick, so a band moved by an odd number of ticks
# may have trades a tick off, and who learns from them goes on from there: some ticks.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"
compiler=${CC:-cc}
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

# write_sweep RETAIL FEED_IN: every strategy that needs no file in every mechanism
write_sweep() {
    cat <<END
format: 1
scenario: $(cd "$srcdir" && pwd)/experiments/street.yaml
set:
  meters.count: 12
  meters.wind_share: 1
  slots: 5
  output.level: market
  chain.protocol: ideal
  tariff.retail: $1
  tariff.feed_in: $2
vary:
  agents.strategy: [truthful, fixed_shade, paper_beta, zi_c, zi_u, zi_c_shouts, zip, aa, gdx, mre, vre]
  market.mechanism: [continuous, two_round, uniform, pay_as_bid, mid_market_rate, mcafee, huang]
END
}
# sweep NAME RETAIL FEED_IN
sweep() {
    write_sweep "$2" "$3" >"$1.yaml" && gridbourse sweep "$1.yaml" -o "$1.h5" --quiet 2>err
}
# run NAME RETAIL FEED_IN SETTING ...: a street on a chain
run() {
    name=$1 retail=$2 feed_in=$3
    shift 3
    for setting; do
        set -- "$@" --set "$setting"
        shift
    done
    gridbourse run "$srcdir/experiments/street.yaml" -o "run_$name.h5" --quiet --set meters.count=12 \
        --set meters.wind_share=1 --set slots=3 --set output.level=market \
        --set tariff.retail="$retail" --set tariff.feed_in="$feed_in" "$@" 2>err
}
# lies_elsewhere TICKS BOUND LEAST FIRST SECOND: with so many trades at least
lies_elsewhere() {
    py "$srcdir/tests/translation.py" "$1" "$2" "$4" "$5" >out 2>err &&
        read -r _ trades <out && [ "$trades" -ge "$3" ]
}
# moved SETTING ...: a run moves with its band, about 0 and below it
moved() {
    run above 0.59 0.31 "$@" && run about 0.14 -0.14 "$@" && run below -0.31 -0.59 "$@" &&
        lies_elsewhere -450000 0 3 run_above.h5 run_about.h5 &&
        lies_elsewhere -900000 0 3 run_above.h5 run_below.h5
}

echo 1..7
if ! has_h5py; then
    for what in 1 2 3 4 5 6 7; do
        skip "bands of either sign, $what" "no Python with h5py here"
    done
    exit
fi
sweep above 0.59 0.31 && sweep about 0.14 -0.14 && lies_elsewhere -450000 0 200 above.h5 about.h5
ok "a band about 0 moves every quote and trade of every strategy and mechanism by as much, exactly"
sweep below -0.310001 -0.590001 && lies_elsewhere -900001 4 200 above.h5 below.h5
ok "one below 0 that is moved by an odd number of ticks does so within four of them"
moved agents.strategy=paper_beta agents.traits=paper chain.delay="exponential 1 s"
ok "so does one of narrow traits on a slow chain"
moved agents.strategy=mix agents.mix="zip 0.25, zi_c_shouts 0.25, gdx 0.25, paper_beta 0.25"
ok "and a mix of strategies"
gridbourse init --strategy-plugin mine.c >out 2>err &&
    $compiler -fPIC -shared -I"$srcdir/include" -o mine.so mine.c >out 2>err &&
    moved agents.strategy=plugin agents.plugin="$work/mine.so"
ok "and the example of a plug-in"
cp "$srcdir/experiments/strategies/my_strategy.py" . &&
    moved agents.strategy=process agents.process="$python $work/my_strategy.py"
ok "and that of a process"
gridbourse run "$srcdir/experiments/street.yaml" -o signed.h5 --ledger signed.gbl --quiet \
    --set meters.count=8 --set meters.wind_share=1 --set slots=2 --set chain.crypto=real \
    --set tariff.retail=0.14 --set tariff.feed_in=-0.14 2>err &&
    gridbourse ledger verify signed.gbl >out 2>err && gridbourse ledger show signed.gbl >out 2>err &&
    grep -q 'retail 0.14, feed-in -0.14' out
ok "the ledger of one about 0 verifies and says so"
