#!/bin/sh
# The continuous auction on the ledger against a program of its own (tests/replay.py), which makes the
# trades anew from /orders alone, and the books that stand at a moment. GB_REPLAY replications of each street (8;
# make check-long: 16).
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"

cat >"$work/replay.yaml" <<END
format: 1
scenario: $(cd "$srcdir" && pwd)/experiments/street.yaml
set:
  meters.count: 12
  meters.wind_share: 1
  slots: 5
  output.level: market
  agents.source_preference.solar: 0.2
  agents.source_preference.wind: 0.3
vary:
  chain.delay: [exponential 20 ms, exponential 3 s]
  market.books: [by_source, pooled]
  market.trade_price: [midpoint, resting]
replications: ${GB_REPLAY:-8}
END
count=$((8 * ${GB_REPLAY:-8}))
# The same where the band lies about 0.
sed 's/^replications: .*/replications: 6/; s/^set:/&\n  tariff.retail: 0.14\n  tariff.feed_in: -0.14/' \
    "$work/replay.yaml" >"$work/signed.yaml"
echo 1..9
gridbourse sweep "$work/replay.yaml" -o "$work/replay.h5" --quiet 2>"$work/err"
ok "$count small streets run, on fast links and on slow ones"
gridbourse run "$srcdir/experiments/street.yaml" -o "$work/real.h5" --ledger "$work/real.gbl" --quiet \
    --set seed=4 --set meters.count=12 --set meters.wind_share=1 --set slots=3 --set chain.crypto=real \
    --set "chain.delay=exponential 1 s" 2>"$work/err" &&
    gridbourse ledger verify "$work/real.gbl" >"$work/out" 2>"$work/err"
ok "the ledger of a street with real signatures verifies"
gridbourse ledger trace "$work/real.gbl" --trade 0:1 >"$work/out" 2>"$work/err" &&
    grep -q 'in place of its order with nonce' "$work/out"
ok "and a trade traces back to the concession that made it"
if ! has_h5py; then
    for what in "a replay of /orders" "either sign" "what stood" "figures of a slot" "to clear" "a call"; do
        skip "$what" "no Python with h5py here"
    done
    exit
fi
py "$srcdir/tests/replay.py" "$work/replay.h5" >"$work/out" 2>"$work/err" &&
    read -r trials trades amended <"$work/out" &&
    [ "$trials" -ge $((count / 2)) ] && [ "$trades" -gt $((count * 5)) ] && [ "$amended" -gt $((count * 50)) ]
ok "at least half of them trade, and a replay of /orders alone makes the same trades of each"
gridbourse sweep "$work/signed.yaml" -o "$work/signed.h5" --quiet 2>"$work/err" &&
    py "$srcdir/tests/replay.py" "$work/signed.h5" >"$work/out" 2>"$work/err" &&
    read -r trials trades amended <"$work/out" && [ "$trials" -ge 30 ] && [ "$trades" -gt 250 ]
ok "so it does of 30 streets and more whose prices have either sign"
py "$srcdir/tests/standing.py" gridbourse "$work/replay.h5" 50 >"$work/out" 2>"$work/err" &&
    read -r two_sided partly <"$work/out" && [ "$two_sided" -ge 4 ] && [ "$partly" -ge 3 ]
ok "book --at writes what rests of a slot at 50 moments, by the replay of /orders"
gridbourse run "$srcdir/experiments/street.yaml" -o "$work/figures.h5" --quiet --set slots=102 --set meters.wind_share=0 \
    --set chain.crypto=modelled 2>"$work/err" &&
    gridbourse figures "$work/figures.h5" -d "$work/figures" --only quotes,depth,concessions --slot 100 --format svg \
        >"$work/out" 2>>"$work/err" &&
    py "$srcdir/tests/slot_figures.py" "$work/figures.h5" 100 "$work/figures" >"$work/out" 2>>"$work/err" &&
    read -r trades asks bids quotes paths <"$work/out" && [ "$trades" -gt 10 ] && [ "$asks" -gt 2 ] && [ "$bids" -gt 2 ] &&
    [ "$quotes" -gt 100 ] && [ "$paths" -eq 6 ]
ok "the figures quotes, depth and concessions show what the replay of /orders does"
settings=$(gridbourse book "$work/replay.h5" --trial 1 --slot 4 --at '150 s' 2>"$work/err" | tee "$work/book.csv" |
    sed -n 's/^# the market of the run: gridbourse clear BOOK.csv//p')
# shellcheck disable=SC2086
[ -n "$settings" ] && gridbourse clear "$work/book.csv" $settings >"$work/out" 2>>"$work/err" &&
    [ "$(wc -l <"$work/out")" -eq 1 ]
ok "clear reads such a book, and nothing in it crosses"
# a call: nothing is traded before its gate, so all stands that had come; slot 3 opens at 00:10 and starts at 00:15
gridbourse run "$srcdir/experiments/street.yaml" -o "$work/call.h5" --quiet --set slots=4 --set meters.count=12 \
    --set market.mechanism=uniform 2>"$work/err"
for at in '300 s' 00:15 '2023-06-01 00:15:00'; do
    gridbourse book "$work/call.h5" --slot 3 --at "$at" 2>>"$work/err" | grep -v '^#' >"$work/stood.csv"
    gridbourse book "$work/call.h5" --slot 3 2>>"$work/err" | grep -v '^#' | cmp - "$work/stood.csv" || break
    echo "$at"
done >"$work/out"
[ "$(wc -l <"$work/out")" -eq 3 ] && [ "$(wc -l <"$work/stood.csv")" -gt 3 ] &&
    gridbourse book "$work/call.h5" --slot 3 --at '0 s' 2>>"$work/err" >"$work/none.csv" &&
    grep -q '^# no order had come$' "$work/none.csv" && [ "$(tail -n +4 "$work/none.csv" | wc -l)" -eq 1 ] &&
    ! gridbourse book "$work/call.h5" --slot 3 --at 00:16 >"$work/out" 2>"$work/err" &&
    grep -q "'--at 00:16' lies outside of slot 3: its market opens at 00:10:00 of 2023-06-01, and it starts 5 min later" \
        "$work/err" && ! gridbourse book "$work/call.h5" --slot 3 --at noon >"$work/out" 2>"$work/err" &&
    grep -q "'--at' expects a time after the opening" "$work/err" &&
    ! gridbourse figures "$work/call.h5" -d "$work/none" --only quotes --format svg >"$work/out" 2>"$work/err" &&
    grep -q "figure 'quotes': quotes stand as they were sent until the gate" "$work/err" &&
    ! gridbourse figures "$work/call.h5" -d "$work/none" --only depth --at '9 s' >"$work/out" 2>"$work/err" &&
    grep -q "'--at 9 s' is a moment of which slot" "$work/err"
ok "of a call all stands that had come, by any clock, and a moment outside of the slot is refused"
