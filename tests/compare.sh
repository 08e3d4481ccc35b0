#!/bin/sh
# compare, figures and book, as a user types them.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/sample.sh"

echo 1..80
check 'compare runs on the paper case' run 0 compare "$dir/paper.h5"
check '  buyers pay 12.3639 % less' says '-12.3639 %'
check '  sellers earn 55.5373 % more' says '+55.5373 %'
check '  the last trade is at 0.4925, printed as 0.492' grep -q 'S3-B3 .*435 .*0.4925 .*0.492' "$dir/out"
check '  one round alone gives -9.1111 % and +38.4076 %' grep -q 'round 1 alone.*-9.1111 %.*+38.4076 %' "$dir/out"
check '  beta = 0 leaves the match of round 2' grep -q 'beta = 0 .*-12.2805 %.*+55.7719 %' "$dir/out"
check '  one trial has no interval, and it says so' says 'no interval'
check 'compare shows a row a cell of a sweep' run 0 compare "$dir/sweep.h5"
check '  with intervals' test "$(grep -o '\[[-+0-9.]*, ' "$dir/out" | wc -l)-$(grep -o '[0-9] ± [0-9]' "$dir/out" | wc -l)" = 20-20
check 'compare --csv gives equal numbers of fields' run 0 compare "$dir/sweep.h5" --csv
check '  in every row' test "$(awk -F, '{print NF}' "$dir/out" | sort -u)" = 20
check 'a file that is no result is refused with exit 2' run 2 compare "$0"
check '  in words' complains 'is not an HDF5 file'
check 'a missing result is refused with exit 2' run 2 compare "$dir/nothing.h5"
check 'book writes the orders of a slot' run 0 book "$dir/paper.h5" --slot 0 -o "$dir/book.csv"
arguments=$(sed -n 's/^# the market of the run: gridbourse clear BOOK.csv//p' "$dir/book.csv")
# shellcheck disable=SC2086
check '  and clear matches them as the run did' run 0 clear "$dir/book.csv" $arguments
check '  to the last trade' grep -qx '2,S3,B3,435,0.4925,0.4925' "$dir/out"
check 'book of a slot without orders is refused' run 2 book "$dir/paper.h5" --slot 7
check 'figures of an unknown name are refused' run 2 figures "$dir/paper.h5" -d "$dir/f" --only user
check '  with the name that was meant' complains "did you mean 'users'?"
# a run of the whole machine: every slot's book, cleared again, gives the trades on the ledger
check 'a few slots of the village run' run 0 run "$srcdir/experiments/village.yaml" \
    --set slots=6 --set chain.crypto=modelled -o "$dir/village.h5"
check '  and say what missed trades took' grep -q 'imbalance  .* kWh sold and not delivered' "$dir/out"
check '  as compare does' run 0 compare "$dir/village.h5"
sum_of_causes() {
    awk '/against the tariff/ {a = $NF} /^  sold and not delivered  .*[+-]/ {b = $NF} /^  bought and not taken  .*[+-]/ {c = $NF}
         /community.s saving/ {d = a + b + c - $NF; exit !(a > 0 && b < 0 && c < 0 && d < 2e-4 && d > -2e-4)}' "$dir/out"
}
check '  whose parts add up to the saving' sum_of_causes
check '  batteries that end as in the baseline are not spoken of' test "$(grep -c stored "$dir/out")" -eq 0
check 'a run whose batteries do nothing' run 0 run "$srcdir/experiments/village.yaml" \
    --set slots=40 --set chain.protocol=ideal --set storage.controller=none -o "$dir/idle.h5"
run 0 compare "$dir/idle.h5"
check '  is told what it still has stored' grep -q 'stored at the end, beyond grid-only .*[1-9].* kWh' "$dir/out"
check '  and that who pays more may have it in store' says 'What a battery holds more or less at the end is not in this'
worth() {
    awk '/stored at the end/ {kwh = $(NF - 1)} /at feed-in and at retail/ {low = $(NF - 3); high = $(NF - 1)}
         END {a = kwh * .31 - low; b = kwh * .59 - high; exit !(kwh != 0 && a * a < 1e-6 && b * b < 1e-6)}' "$dir/out"
}
check '  and what that is worth at both prices' worth
run 0 compare "$dir/village.h5"
gini_where_nobody_loses() {
    awk '/users who lose/ {losers = $NF} /Gini of gains/ {seen = 1} END {exit (losers > 0) == seen}' "$dir/out"
}
check '  there is a Gini of gains where nobody loses, and else none' gini_where_nobody_loses
check '  but there is one of bills' grep -q 'Gini of bills  *[1-9][0-9]*\.[0-9]* %' "$dir/out"
check '  what is contracted is not called delivered' grep -q 'contracted over min(surplus' "$dir/out"
check '  with the energies that were missed' grep -q '^  sold and not delivered  .* kWh' "$dir/out"
# a slot in which a meter's net is exactly zero has a bill of its own where a forecast was missed
sum_of_sides() {
    awk '/buyers. cost/ {b = $3} /sellers. revenue/ {s = $3} /neither side/ {z = $4}
         /community.s bill/ {d = b - s + z - $3; seen = 1}
         END {exit !(seen && z != "" && d < 2e-4 && d > -2e-4)}' "$dir/out"
}
check 'a whole day on the instant chain runs' run 0 run "$srcdir/experiments/village.yaml" \
    --seed 8 --set chain.protocol=ideal --set output.level=summary -o "$dir/day.h5"
check '  and names the bill of neither side' says 'neither    pays 0.00'
check '  as compare does' run 0 compare "$dir/day.h5"
check '  whose sides add up to the bill' sum_of_sides
check '  and whose saving a day is one' says 'saving per meter and day'
losers_of() {
    # every loser's causes add up to its loss, and the table has as many rows as the summary losers
    awk '/pay[s]* more than with the grid alone/ {n = $1} /user who loses/ {on = 1; next}
         on && /^  meter/ {m++; d = $3; for (i = 4; i <= NF; i++) d -= $i
                           if ($3 >= 0 || d > 5e-4 || d < -5e-4) bad = 1}
         END {exit !(m == n && n > 0 && !bad)}' "$dir/out"
}
check 'a market of schedules makes users lose' run 0 run "$srcdir/experiments/village.yaml" \
    --set chain.protocol=ideal --set settlement.unmatched=scheduled --set imbalance.short=1 -o "$dir/losers.h5"
check '  by missing them' grep -q 'schedules  missed by .* short and .* long, which costs' "$dir/out"
check '  as compare does' run 0 compare "$dir/losers.h5" --all
check '  which says why who loses does' losers_of
check '  and what took most' grep -q 'what took most: .*schedules with the grid, missed ([1-9]' "$dir/out"
printf '%s\n' 'format: 1' 'scenario: few.yaml' 'set: {output.level: summary}' 'vary: {market.beta: [0.1, 0.2]}' \
    'replications: 6' >"$dir/sellers.yaml"
printf '%s\n' 'format: 1' 'slots: 2' 'slot: 12 h' 'meters: {count: 3, prosumer_share: 0.2}' \
    'chain.protocol: ideal' >"$dir/few.yaml"
check 'trials without a seller run' run 0 sweep "$dir/sellers.yaml" -o "$dir/sellers.h5"
check '  and are compared' run 0 compare "$dir/sellers.h5"
check '  without a percentage of so uncertain a revenue' says 'A percentage or ratio is - where what it divides by, as the grid-only sum, is too near zero'
check '  as in the CSV' run 0 compare "$dir/sellers.h5" --csv
check '  where the fields of the percentage stay empty' grep -Eq 'sellers_revenue,6,.*,,,,6$' "$dir/out"
# what the grid supplies of the load is the rest of self_sufficiency, a ratio of sums with the same denominator
rest() {
    awk -F, '$3 == "import_wh/load_wh" {v = $6; l = $7; u = $8}
        $3 == "self_sufficiency" {d = v + $6 - 1; e = l + $8 - 1; f = u + $7 - 1; n++; bad += d * d + e * e + f * f > 1e-18 || l >= u}
        END {exit !(n == 2 && !bad)}' "$dir/out"
}
printf '%s\n' 'format: 1' 'scenario: few.yaml' 'set: {slots: 4, slot: 6 h, meters.storage_share: 0}' \
    'vary: {meters.count: [30, 40]}' 'replications: 20' >"$dir/supply.yaml"
run 0 sweep "$dir/supply.yaml" -q -o "$dir/supply.h5"
check 'one column over another is taken' run 0 compare "$dir/supply.h5" --columns import_wh/load_wh,self_sufficiency --csv
check '  as a ratio of sums with its interval' rest
cp "$dir/out" "$dir/ratios"
check '  as figures take it' run 0 figures "$dir/supply.h5" -d "$dir/ratios.d" --format svg --only curves --y import_wh/load_wh
check '  to the same numbers' awk 'FNR == NR {if (split($0, c, ",") > 5 && c[3] == "import_wh/load_wh") want[c[1]] = c[6] " " c[7] " " c[8]; next}
    $1 in want && NF > 5 {split(want[$1], w, " "); for (i = 1; i < 4; i++) {d = $(i + 1) / 100 - w[i]; bad += d * d > 1e-18}; n++} END {exit !(n == 2 && !bad)}' \
    "$dir/ratios" "$dir/ratios.d/curves.dat"
check '  and shown in tables' run 0 compare "$dir/supply.h5" --columns import_wh/load_wh,traded_wh/s,saving/n_meters
shown_by_unit() { grep -Eq 'import_wh/load_wh, % +traded_wh/s, kWh/s +saving/n_meters, currency' "$dir/out" && grep -Eq '^ +30 +20 +[0-9.]+ \[' "$dir/out"; }
check '  in the units of both' shown_by_unit
check '  and compared with a cell' run 0 compare "$dir/supply.h5" --against meters.count=30 --columns import_wh/load_wh,self_sufficiency --json
opposite() {
    tr -d '{}",' <"$dir/out" | awk '{q = ""; for (i = 1; i < NF; i++) {if ($i == "quantity:") q = $(i + 1); if ($i == "difference:") d = $(i + 1)}}
        q == "import_wh/load_wh" {n++; a[n] = d} q == "self_sufficiency" {m++; bad += (a[m] + d) ^ 2 > 1e-18} END {exit !(n > 0 && n == m && !bad)}'
}
check '  whose differences are opposite to those of what it is the rest of' opposite
check '  one of a ratio is refused' run 2 compare "$dir/supply.h5" --columns saving_pct/cost
check '  with what to do' complains "'saving_pct/cost' divides what is a ratio already; expected two columns that add up over trials"
check '  and one of nothing' run 2 compare "$dir/supply.h5" --columns saving/n_metres
check '  with what was meant' complains "no quantity 'n_metres' in /summary; did you mean 'n_meters'?"
printf '%s\n' 'format: 1' 'scenario: few.yaml' 'vary: {tariff.retail_by_time: ["0:00 0.5, 12:00 0.6", "0:00 0.55"], meters.count: [3, 4]}' \
    'replications: 2' >"$dir/times.yaml"
check 'values with commas are swept' run 0 sweep "$dir/times.yaml" -q -o "$dir/times.h5"
check '  shown by --where' run 0 compare "$dir/times.h5" --where 'tariff.retail_by_time=0:00 0.5, 12:00 0.6,meters.count=4' --columns saving
check '  alone' test "$(grep -c '^ *0:00 0' "$dir/out")-$(grep -c '0:00 0.5, 12:00 0.6 *4 ' "$dir/out")" = 1-1
check '  and compared with' run 0 compare "$dir/times.h5" --against 'meters.count=3,tariff.retail_by_time=0:00 0.5, 12:00 0.6' --columns saving
check '  where a list of values is none of them' run 2 compare "$dir/times.h5" --where meters.count=3,4
check '  in words' complains 'no trial has meters.count=3,4; its values are 3, 4'
check 'a run whose trades are all void' run 0 run "$dir/few.yaml" --set meters.count=10 \
    --set chain.protocol=pbft --set meters.prosumer_share=0.5 --set 'settlement.deadline=1 ms' -o "$dir/void.h5"
all_void() { grep -Eq '; ([0-9]+) trades? \(\1 of them void\), 0.000 kWh$' "$dir/out"; }
check '  says so, and names no price' all_void
check 'with perfect forecasts nothing is missed' run 0 run "$srcdir/experiments/village.yaml" \
    --set slots=6 --set chain.protocol=ideal --set forecast.kind=perfect -o "$dir/perfect.h5"
check '  and the instant chain takes no time' grep -q 'stable after 0 ms (median), 0 ms' "$dir/out"
nothing_missed() { ! grep -q 'imbalance' "$dir/out"; }
check '  nor is a word lost about it' nothing_missed
gridbourse compare "$dir/village.h5" --all |
    awk '$NF == "settled" {print $1, $2, $4, $6, $7, $8}' >"$dir/recorded"
for slot in 0 1 2 3 4 5; do
    gridbourse book "$dir/village.h5" --slot $slot -o "$dir/book.csv" || continue
    arguments=$(sed -n 's/^# the market of the run: gridbourse clear BOOK.csv//p' "$dir/book.csv")
    # shellcheck disable=SC2086
    gridbourse clear "$dir/book.csv" $arguments |
        awk -F, -v slot=$slot 'NR > 1 {split($2, s, "-"); split($3, b, "-"); print slot, $1, s[2], b[2], $4, $5}'
done >"$dir/cleared"
check '  with trades in most of them' test "$(cut -d' ' -f1 "$dir/recorded" | sort -u | wc -l)" -ge 4
check '  and book and clear give the trades that the ledger settled' cmp "$dir/recorded" "$dir/cleared"
check 'figures of a trial that is not there are refused' \
    run 2 figures "$dir/paper.h5" -d "$dir/f" --trial 7
check 'a file is no folder for figures' run 2 figures "$dir/paper.h5" -d "$dir/paper.h5"
cat >"$dir/names.csv" <<'EOF'
id,side,price,quantity
house_1,buy,0.4,1
a^2 {/Bold b},sell,0.33,1
EOF
printf '%s\n' 'format: 1' 'slots: 1' 'slot: 1 h' 'meters: {count: 2, delivery: declared}' \
    'orders.file: names.csv' 'market.books: pooled' >"$dir/names.yaml"
if command -v gnuplot >/dev/null; then
    check 'a run with odd names' run 0 run "$dir/names.yaml" -o "$dir/names.h5"
    check '  is drawn' run 0 figures "$dir/names.h5" -d "$dir/f" --only users --format svg
    check '  with the names as they are' test "$(grep -cF -e house_1 -e 'a^2 {/Bold b}' "$dir/f/users.svg")" -eq 2
    check 'a slot without supply is drawn too' run 0 run "$srcdir/experiments/village.yaml" \
        --set slots=4 --set chain.protocol=ideal --set meters.prosumer_share=0 -o "$dir/bids.h5"
    check '  with all its figures' run 0 figures "$dir/bids.h5" -d "$dir/f" --format svg
else
    for sentence in 'a run with odd names' '  is drawn' '  with the names as they are' \
        'a slot without supply is drawn too' '  with all its figures'; do
        skip "$sentence" 'no gnuplot'
    done
fi
exit $failed
