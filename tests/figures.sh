#!/bin/sh
# figures, as a user types it: what it says, what it leaves behind, and what stands in the pictures.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
"$builddir"/tests/write_sample "$work" || exit 99
. "$srcdir/tests/tap.sh"

# figures EXIT ARGUMENT...: gridbourse figures exits so; its words are kept
figures() {
    expected=$1
    shift
    gridbourse figures "$@" >"$work/out" 2>"$work/err"
    code=$?
    [ "$code" -eq "$expected" ] || { echo "exit $code, expected $expected" >>"$work/err"; return 1; }
}

# ---- without gnuplot on the PATH
mkdir "$work/bin"
ln -s "$builddir/gridbourse" "$work/bin/gridbourse"
# shellcheck disable=SC2016
folder="$work/it's \$x \$(echo \"y\") \`z\` \\w"
(PATH=$work/bin figures 0 "$work/paper.h5" -d "$folder" --only users --format svg)
ok "without gnuplot the figures still have scripts and data"
test -s "$folder/users.gp" && test -s "$folder/users.dat"
ok "in a folder of any name"
if command -v gnuplot >/dev/null; then
    sh "$work/out" 2>>"$work/err" && grep -q '</svg>' "$folder/users.svg"
    ok "and sh draws them with the line that is printed"
else
    skip "and sh draws them with the line that is printed" "no gnuplot"
fi

# ---- what the result cannot show, and what cannot be drawn
gridbourse run "$srcdir/experiments/village.yaml" --set chain.protocol=ideal --set slots=4 \
    --set chain.crypto=modelled --set meters.count=65 --quiet -o "$work/many.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/many.h5" -d "$work/many")
ok "figures of more users than there is room for are drawn"
grep -q 'users: skipped.*65: `gridbourse compare --all` lists them' "$work/err" &&
    test "$(gridbourse compare "$work/many.h5" --all | grep -c '^  meter [0-9]')" -eq 65
ok "but for the bars, and the command that lists the users is named"
last=$(sed -n 's/^last_cause = //p' "$work/many/causes.gp")
awk -v last="$last" '!/^#/ { n++; wrong += NF != last + 5 } END { exit n == 0 || wrong }' "$work/many/causes.dat"
ok "the script of the causes knows behind how many of them the saving stands"
(PATH=$work/bin figures 2 "$work/many.h5" -d "$work/beyond" --slot 4)
test $? -eq 0 && grep -q "there is no slot 4: those of trial 0 are 0 to 3$" "$work/err" && [ ! -e "$work/beyond" ] &&
    (PATH=$work/bin figures 2 "$work/many.h5" -d "$work/beyond" --slot -1) &&
    grep -q "'--slot' expects a whole number from 0 to" "$work/err" &&
    (PATH=$work/bin figures 0 "$work/many.h5" -d "$work/last" --slot 3)
ok "a slot that the run does not have is refused, and nothing is drawn"
# a gnuplot that knows no clearing and no balance
cat >"$work/bin/gnuplot" <<'EOF'
#!/bin/sh
case $* in
*clearing.gp | *balance.gp) echo "no $4" >&2; exit 1 ;;
*) out=${3##*out = \'}; echo '</svg>' >"${out%\'}" ;;
esac
EOF
chmod +x "$work/bin/gnuplot"
(PATH=$work/bin:$PATH figures 1 "$work/paper.h5" -d "$work/some" --format svg)
ok "a figure that cannot be drawn is a failure"
test -s "$work/some/users.svg" && grep -q "could not draw.*clearing.svg': no .*clearing.gp" "$work/err"
ok "with gnuplot's words"
(PATH=$work/bin:$PATH figures 1 "$work/many.h5" -d "$work/some" --format svg)
grep -q "figure 'clearing'" "$work/err" && grep -q "figure 'balance'" "$work/err"
ok "and the next one is tried all the same"
rm "$work/bin/gnuplot"

# bills of millions
printf '%s\n' id,side,price,quantity a,sell,0.31,9000000 c,buy,0.59,9000000 >"$work/bills.csv"
printf '%s\n' 'format: 1' 'slots: 1' 'slot: 1 h' 'meters: {count: 2, delivery: declared}' \
    'orders.file: bills.csv' 'market.books: pooled' >"$work/bills.yaml"
gridbourse run "$work/bills.yaml" --quiet -o "$work/bills.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/bills.h5" -d "$work/bills" --only users,gains)
ok "figures of bills of millions are written"

# ---- the curves over beta: one trial a point and one value; no sellers
cat >"$work/flat.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/paper.yaml
vary: {market.beta: [0, 0.5, 1]}
EOF
cat >"$work/no-sellers.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.protocol: ideal, slots: 8, meters.count: 10, meters.prosumer_share: 0}
vary: {market.beta: [0, 1]}
replications: 40
EOF
# no cost at the grid to compare with
cat >"$work/free.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.protocol: ideal, slots: 2, meters.count: 4, tariff.retail: 0, tariff.feed_in: 0}
vary: {market.beta: [0, 1]}
replications: 2
EOF
for sweep in flat no-sellers free; do
    gridbourse sweep "$work/$sweep.yaml" --quiet -o "$work/$sweep.h5" >"$work/out" 2>"$work/err"
    (PATH=$work/bin figures 0 "$work/$sweep.h5" -d "$work/$sweep")
    ok "figures of a sweep, $sweep, are written"
done
grep -q '^effect: skipped' "$work/err"
ok "a market without any cost at the grid has no effect in percent"
grep -q '^0.5 52.325 ' "$work/flat/curves.dat" && grep -q "yuan per meter in 1 h" "$work/flat/curves.gp"
ok "the benefit of an hour is that hour's, not 24 times as much"
grep -q '^n_panels = 1' "$work/no-sellers/effect.gp" && grep -q 'Buyers' "$work/no-sellers/effect.gp"
ok "a side that is not there has no panel"

# the same numbers as compare's, which come another way
gridbourse compare "$work/no-sellers.h5" --csv 2>"$work/err" | awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["who"] == "all" && $at["what"] == "buyers_cost" {
        print $at["market.beta"], $at["market"], $at["market_lower"], $at["market_upper"]
    }' >"$work/compared"
(PATH=$work/bin figures 0 "$work/no-sellers.h5" -d "$work/costs" --y buyers_cost)
awk 'function same(a, b) { return a - b < 1e-8 && b - a < 1e-8 }
    NR == FNR { for (i = 1; i <= 4; i++) cell[NR, i] = $i; n = NR; next }
    /^#/ { next }
    NF == 7 { row++; for (i = 1; i <= 4; i++) if (!same($i, cell[row, i])) bad = 1 }
    END { exit bad || n != 2 || row != n }' "$work/compared" "$work/costs/curves.dat"
ok "the curves have the means and intervals that compare prints"

# ---- a sweep of words and durations, as curves, panels, bars and maps
cat >"$work/keys.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.crypto: modelled, slots: 4, meters.count: 6, output.level: market}
vary: {chain.flow: [classic, fisco3], chain.delay: [constant 20 ms, constant 100 ms, constant 400 ms], chain.nodes: [4, 7]}
replications: 2
EOF
gridbourse sweep "$work/keys.yaml" --quiet -o "$work/keys.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/keys.h5" -d "$work/keys")
ok "figures of a sweep of words, durations and numbers are written"
grep -q "x_label = 'Link delay, constant (ms)'" "$work/keys/curves.gp" &&
    grep -q '^n_panels = 2' "$work/keys/curves.gp"
ok "over the key with most numbers"
(PATH=$work/bin figures 0 "$work/keys.h5" -d "$work/chain" --only chain --where "chain.delay=constant 20 ms") &&
    grep -q "x_label = 'Validators'" "$work/chain/chain.gp" && grep -q "name_2 = 'fisco3'" "$work/chain/chain.gp"
ok "and the chain's over its validators, a line a flow"
(PATH=$work/bin figures 1 "$work/keys.h5" -d "$work/words" --only gains) &&
    grep -q "choose by .--where chain.flow=classic --where 'chain.delay=constant 20 ms' --where chain.nodes=4.,.*differ in chain.flow, chain.delay and chain.nodes" "$work/err"
ok "what cannot show all cells says which to choose"
(PATH=$work/bin figures 0 "$work/keys.h5" -d "$work/words" --x chain.flow --y latency_p50_ms --lines chain.delay \
    --panels chain.nodes --width '85 mm' --no-caption) &&
    grep -q '^are_words = 1' "$work/words/curves.gp" && grep -q "name_3 = '400'" "$work/words/curves.gp"
ok "keys go where they are asked to"
printf '%s\n' 'format: 1' 'slots: 4' 'slot: 6 h' 'chain.protocol: ideal' >"$work/day.yaml"
printf '%s\n' 'format: 1' 'scenario: day.yaml' 'vary: {market.beta: [0, 0.5, 1]}' 'redraw: [behaviour]' 'replications: 6' >"$work/beta.yaml"
gridbourse sweep "$work/beta.yaml" --quiet -o "$work/beta.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/beta.h5" -d "$work/gap" --only curves,effect --y sellers_less_buyers_gain_per_kwh) &&
    grep -q "y_label_1 = 'Sellers’ less buyers’ gain" "$work/gap/curves.gp" &&
    grep -q 'sellers_less_buyers_gain_per_kwh (currency/kWh)' "$work/gap/effect.dat"
ok "and so does the gap between the sides, which is no column"
(PATH=$work/bin figures 0 "$work/keys.h5" -d "$work/words" --only latency,gains \
    --where chain.flow=fisco3 --where chain.nodes=7 --where "chain.delay=constant 20 ms" --width 8.5cm)
ok "and cells are chosen by their values"
cp "$work/words/latency.dat" "$work/by-options"
(PATH=$work/bin figures 0 "$work/keys.h5" -d "$work/words" --only latency \
    --where "chain.flow=fisco3,chain.nodes=7,chain.delay=constant 20 ms") &&
    cmp -s "$work/words/latency.dat" "$work/by-options"
ok "in one list by commas too"
(PATH=$work/bin figures 0 "$work/keys.h5" -d "$work/words" --only effect --y latency_p50_ms --x chain.delay \
    --where chain.flow=fisco3 --against "chain.flow=classic,chain.delay=constant 20 ms") &&
    grep -q "cell with chain.flow = classic, chain.delay = constant 20 ms on the same" "$work/words/effect.txt"
ok "and so is the cell that differences are taken from"

(PATH=$work/bin figures 2 "$work/keys.h5" -d "$work/words" --only late --y price_mean --x chain.delay --where chain.flow=fisco3) &&
    grep -q "shows n_late/n_orders,n_missed_slots/n_slots and nothing else: .--only curves --y price_mean. shows" "$work/err" &&
    [ ! -e "$work/words/late.gp" ]
ok "a figure whose name says what it shows does not show something else under it"

# ---- exit 2 is for what was asked wrong, exit 1 for what cannot be drawn
for name in users balance duration storage trades clearing convergence; do
    (PATH=$work/bin figures 1 "$work/flat.h5" -d "$work/refused" --only $name) &&
        grep -q "^gridbourse: figure '$name': " "$work/err" && [ ! -e "$work/refused/$name.gp" ]
    ok "$name of a sweep of summaries is no wrong use, and nothing is drawn"
done
(PATH=$work/bin figures 1 "$work/keys.h5" -d "$work/refused" --only users,curves --x chain.delay \
    --where chain.flow=fisco3) && [ -s "$work/refused/curves.gp" ]
ok "one of two that can be drawn is, and the other a failure"
for wrong in '--only=curves --y=late' '--only=main --y=n_late/n_orders' '--only=curves --x=market.gate' \
    '--only=curves --where=chain.nodes=5' '--only=effect --against=chain.nodes=5' \
    '--only=curves --where=chain.nodes=4,late' '--only=effect --against=chain.nodes=4,chain.nodes=7' '--trial=90'; do
    # shellcheck disable=SC2086
    (PATH=$work/bin figures 2 "$work/keys.h5" -d "$work/refused" $wrong) && [ -s "$work/err" ]
    ok "$wrong is wrong"
done
# ---- keys that move together, over durations from seconds to hours
cat >"$work/zipped.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.protocol: ideal, slots: 2, meters.count: 6}
cases: [{name: some, set: {market.beta: 0.1}}, {name: other, set: {market.beta: 0.2}}]
zip:
  - {market.gate: [2 s, 1 min, 50 min, 1 h], market.open: [602 s, 11 min, 110 min, 2 h]}
replications: 2
EOF
gridbourse sweep "$work/zipped.yaml" --quiet -o "$work/zipped.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/zipped.h5" -d "$work/zipped" --x market.gate --y cost) &&
    grep -q "name_2 = 'other'" "$work/zipped/curves.gp" && grep -q '^n_panels = 1$' "$work/zipped/curves.gp"
ok "keys that move together take one place"
grep -q "x_label = 'Gate before delivery'" "$work/zipped/curves.gp" &&
    grep -q '"2 s" 0.000555555555556, "1 min" .*, "1 h" 1)' "$work/zipped/curves.gp"
ok "durations from seconds to hours are written each in its own unit"
grep -q '"" 0.833333333333, "1 h" 1)' "$work/zipped/curves.gp"
ok "the last is written, and not the one before it where both have no room"
figures 0 --list && grep -q '^curves  .*--x' "$work/out"
ok "and --list names the figures"
for wrong in '--x=market.gate' '--y=late' '--where=chain.nodes=5' '--lines=market.beta'; do
    (PATH=$work/bin figures 2 "$work/keys.h5" -d "$work/words" --only curves "$wrong") &&
        grep -qE 'it varies|no column|its values are' "$work/err"
    ok "$wrong is refused with what there is"
done
for wrong in '--width=5 mm' '--where=chain.nodes' '--only=beta' '--format=gif' '--day=0' '--from=25:00' '--day=2' \
    '--to=00:00'; do
    (PATH=$work/bin figures 2 "$work/keys.h5" -d "$work/words" "$wrong") && [ -s "$work/err" ]
    ok "$wrong is wrong use"
done

# ---- the currency by its name
gridbourse run "$srcdir/experiments/village.yaml" --set chain.protocol=ideal --set chain.crypto=modelled --set slots=4 \
    --set meters.count=6 --set currency=EUR -o "$work/eur.h5" >"$work/out" 2>"$work/err" &&
    grep -q 'grid alone, in EUR:' "$work/out" && grep -qa 'EUR/kWh' "$work/eur.h5" && ! grep -qa 'currency/kWh' "$work/eur.h5"
ok "a currency has its name in what is printed and in the units of a result"
(PATH=$work/bin figures 0 "$work/eur.h5" -d "$work/eur") && grep -q "currency = 'EUR'" "$work/eur/users.gp" &&
    grep -q "EUR/kWh" "$work/eur/clearing.dat"
ok "and in figures"
for name in 'a b' '' "it's" 'a/b' 12345678901234567; do
    ! gridbourse run "$srcdir/experiments/village.yaml" --check --set "currency=$name" >"$work/out" 2>"$work/err" &&
        grep -q 'expected a name of 1 to 16 bytes' "$work/err"
    ok "'$name' is no name of a currency"
done

# ---- a result that no figure can show
gridbourse run "$srcdir/experiments/village.yaml" --quiet --set chain.protocol=ideal --set slots=2 --set meters.count=4 \
    --set market.mechanism=grid_only --set output.level=summary -o "$work/nothing.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 1 "$work/nothing.h5" -d "$work/nothing") && grep -q 'nothing was drawn' "$work/err"
ok "drawing nothing is a failure in words"

# ---- several days
gridbourse run "$srcdir/experiments/village.yaml" --quiet --set chain.protocol=ideal --set chain.crypto=modelled \
    --set days=4 --set meters.count=12 -o "$work/days.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/days.h5" -d "$work/days") && grep -q 'n2 Jun" 24' "$work/days/balance.gp" &&
    grep -q '^n_days = 4' "$work/days/convergence.gp"
ok "four days have their dates on the axis"
(PATH=$work/bin figures 0 "$work/days.h5" -d "$work/day" --only balance,trades --day 2023-06-03 --from 06:00 \
    --to 18:00 --width '85 mm') && grep -q '^x_low = 54$' "$work/day/balance.gp" &&
    grep -q '^x_high = 66$' "$work/day/trades.gp" && grep -q '"09:00" 57' "$work/day/balance.gp"
ok "and hours of one of them the clock's"

gridbourse run "$srcdir/experiments/village.yaml" --quiet --set chain.protocol=ideal --set chain.crypto=modelled \
    --set days=2 --set meters.count=4 --set start_date=2024-03-30 \
    --set site.time_zone=CET-1CEST,M3.5.0,M10.5.0/3 -o "$work/spring.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/spring.h5" -d "$work/spring" --only balance --day 2024-03-31 --to 12:00) &&
    grep -q '^x_low = 24$' "$work/spring/balance.gp" && grep -q '^x_high = 35$' "$work/spring/balance.gp" &&
    grep -q '"00:00" 24, "04:00" 27, "06:00" 29, ' "$work/spring/balance.gp"
ok "of a day whose clock leaves an hour out the axis does, too"

# a week of one meter: of Friday 29 March 2024 and six days more, one of which has 23 hours
gridbourse run "$srcdir/experiments/village.yaml" --quiet --set chain.protocol=ideal --set chain.crypto=modelled \
    --set days=9 --set 'slot=1 h' --set meters.count=4 --set start_date=2024-03-29 --set output.level=meters \
    --set site.time_zone=CET-1CEST,M3.5.0,M10.5.0/3 -o "$work/week.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/week.h5" -d "$work/week" --meter 2) && [ ! -e "$work/week/balance.gp" ] &&
    grep -q '^x_high = 167$' "$work/week/meter.gp" && grep -q '29 March to 4 April 2024' "$work/week/meter.txt" &&
    [ "$(grep -vc '^#' "$work/week/meter.dat")" -eq 334 ]
ok "a meter is shown for seven days of the local clock"
(PATH=$work/bin figures 0 "$work/week.h5" -d "$work/week" --meter 2 --from '2024-03-29 06:00' --to '2024-04-06 06:00') &&
    [ "$(grep -vc '^#' "$work/week/meter.dat")" -eq 382 ]
ok "or for as long as is asked for"
(PATH=$work/bin figures 2 "$work/week.h5" -d "$work/week" --meter 4) && grep -q "no meter '4': .* 0 to 3$" "$work/err" &&
    (PATH=$work/bin figures 1 "$work/days.h5" -d "$work/week" --meter 0) && grep -q 'output.level: meters' "$work/err"
ok "a meter that is not there is wrong use, and a result without rows of meters says how to have them"

# ---- a slot: in every book the trades of round 1 stand between supply and demand
cat >"$work/sources.csv" <<EOF
id,side,price,quantity,source
s1,sell,0.40,1,solar
s2,sell,0.50,2,solar
w1,sell,0.35,1,wind
t1,sell,0.45,0.5,storage
t2,sell,0.58,1,storage
b1,buy,0.58,2,any
b2,buy,0.52,2,any
b3,buy,0.45,3,wind
b4,buy,0.40,2,any
b5,buy,0.33,9,any
EOF
cat >"$work/sources.yaml" <<EOF
format: 1
slots: 1
slot: 1 h
meters: {count: 10, delivery: declared}
orders.file: sources.csv
EOF
# between FILE: fails where a trade does not, or where there is none
between() {
    awk '
    BEGIN { block = 0 }
    function step(x, which,    i) {
        for (i = 1; i + 1 <= n[which]; i += 2)
            if (at[which, i] - 1e-9 <= x && x <= at[which, i + 1] + 1e-9) return price[which, i]
        return "none"
    }
    NF == 0 { if (blanks++ == 1) { block = (block + 1) % 6; if (!block) n[0] = n[1] = 0 }; next }
    /^#/ { next }
    { blanks = 0 }
    block < 2 { n[block]++; at[block, n[block]] = $1; price[block, n[block]] = $2 }
    block == 3 && $1 != "NaN" {
        trades++; middle = ($1 + $2) / 2; ask = step(middle, 0); bid = step(middle, 1)
        if (ask == "none" || bid == "none" || $3 < ask - 1e-9 || $3 > bid + 1e-9) {
            print "trade at " middle " kWh for " $3 ", ask " ask ", bid " bid; bad = 1
        }
    }
    END { exit bad || !trades }' "$1" >"$work/out"
}
gridbourse run "$work/sources.yaml" --quiet -o "$work/sources.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/sources.h5" -d "$work/sources")
ok "a slot of three books is written"
between "$work/sources/clearing.dat"
ok "and its trades stand between the curves of their books"
grep -q '^n_books = 3' "$work/sources/clearing.gp" &&
    grep -q "title_2 = 'wind: 1 ask, 1 kWh traded'" "$work/sources/clearing.gp"
ok "a panel a book"
# b1 and one of two kWh of b2 went to solar; b3 takes wind alone
test "$(awk '/^$/ {b++} b == 14 && NF == 2' "$work/sources/clearing.dat" | tr '\n' ' ')" = \
    "0 0.52 1 0.52 1 0.45 4 0.45 4 0.4 6 0.4 6 0.33 15 0.33 "
ok "on the bids that the book before it left"
gridbourse run "$srcdir/experiments/village.yaml" --quiet --set chain.protocol=ideal \
    --set chain.crypto=modelled --set meters.count=120 -o "$work/large.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/large.h5" -d "$work/large") &&
    between "$work/large/clearing.dat" && grep -q '^has_caps = 0' "$work/large/clearing.gp"
ok "so do dozens of trades, which are drawn without caps"
gridbourse run "$work/sources.yaml" --quiet --set market.books=pooled -o "$work/pooled.h5" \
    >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/pooled.h5" -d "$work/pooled") &&
    between "$work/pooled/clearing.dat" && grep -q '^n_books = 1' "$work/pooled/clearing.gp"
ok "and those of a pooled book, in one panel"

# ---- the balance of the hour above, and of a day
grep -q '"00:10" 0.166666666667' "$work/many/balance.gp" && grep -q '^x_high = 1$' "$work/many/balance.gp"
ok "the balance of an hour has its minutes on the axis"
grep -q '"03:00" 3, "06:00" 6' "$work/large/balance.gp" && grep -q '"24:00" 24' "$work/large/balance.gp" &&
    grep -q 'are stacked' "$work/large/balance.txt"
ok "that of a day its hours, and a word that areas are stacked"

# ---- all that was written, drawn: text stands inside the pictures, and nothing stands on numbers
draw() {
    for script in "$1"/[!s]*.gp; do
        gnuplot -d -e "fmt = 'svg'; dir = '$1/'" "$script" >"$work/out" 2>"$work/err" || return 1
    done
    awk -f "$srcdir/tests/svg_text.awk" "$1"/*.svg >"$work/out"
}
# a title that fits nowhere is not written
has_titles() {
    for picture in "$1"/*.svg; do
        grep -qE '>(Benefit|Change|Power|Price|Income|Gain|Gains|Orders|percentage|Buyers|Saving|Mean price|%|ms|Meters|Flow|Link|Order to)' \
            "$picture" || return 1
    done
}
(PATH=$work/bin figures 0 "$work/sweep.h5" -d "$work/sweep")
ok "figures of a sweep of two markets are written"
(PATH=$work/bin figures 0 "$work/keys.h5" -d "$work/narrow" --only curves,main --width '85 mm' --where chain.nodes=7 \
    --y peak_to_average,latency_p50_ms,block_fill) &&
    grep -q '^title_lines = 2$' "$work/narrow/curves.gp" && grep -q "Largest import.*\"\\\\n\"" "$work/narrow/curves.gp"
ok "a title that is wider than its panel has two lines"
(PATH=$work/bin figures 0 "$work/large.h5" -d "$work/users" --only gains,latency --width '85 mm' 2>/dev/null;
    PATH=$work/bin figures 0 "$work/many.h5" -d "$work/users" --only gains,trades --width '85 mm')
ok "figures of one column are written"
for folder in bills many flat no-sellers sweep sources large pooled keys chain words days day narrow users; do
    if command -v gnuplot >/dev/null; then
        draw "$work/$folder" && has_titles "$work/$folder"
        ok "pictures of $folder hold all their text"
    else
        skip "pictures of $folder hold all their text" "no gnuplot"
    fi
done

if command -v gnuplot >/dev/null; then
    gridbourse run "$srcdir/experiments/village.yaml" --quiet --set chain.protocol=ideal --set slots=4 --set meters.count=6 \
        --set currency=a_b -o "$work/letters.h5" >"$work/out" 2>"$work/err" &&
        figures 0 "$work/letters.h5" -d "$work/letters" --only users --format svg && grep -q '(a_b)' "$work/letters/users.svg"
    ok "names keep their letters: _ and ^ make no smaller ones"
else
    skip "names keep their letters: _ and ^ make no smaller ones" "no gnuplot"
fi

# ---- forms of sources, in a grey print
if command -v gnuplot >/dev/null; then
    # of the dots of two sources: one full, one hollow, and the luminance of one far from the other's
    figures 0 "$work/large.h5" -d "$work/grey" --only trades --format svg &&
        sed -n "s/.*#gpPt\([0-9]*\)' .*color='rgb( *\([0-9]*\), *\([0-9]*\), *\([0-9]*\))'.*/\1 \2 \3 \4/p" \
            "$work/grey/trades.svg" | sort -u |
        awk '{ n++; form[n] = $1; light[n] = (0.2126 * $2 + 0.7152 * $3 + 0.0722 * $4) / 255 }
             END { d = light[1] - light[2]; exit !(n == 2 && form[1] != form[2] && d * d > 0.09) }'
    ok "solar and wind are told apart by form and lightness, without colour"
else
    skip "solar and wind are told apart by form and lightness, without colour" "no gnuplot"
fi

# ---- a width that a figure's texts have no room in
for name in users kinds clearing balance storage meter; do
    (PATH=$work/bin figures 1 "$work/week.h5" -d "$work/thin" --only $name --width '60 mm') &&
        grep -q "figure '$name': its texts have no room in 60 mm: it takes a width of 8[05] mm at least" "$work/err" &&
        [ ! -e "$work/thin/$name.gp" ]
    ok "$name in 60 mm is refused, with the least width"
done
cat >"$work/named.yaml" <<EOF
format: 1
chain.protocol: ideal
slots: 4
slot: 6 h
households: {flat: {count: 6}, solar: {count: 6, pv: {size: 8}}}
EOF
gridbourse run "$work/named.yaml" --quiet -o "$work/named.h5" >"$work/out" 2>"$work/err"
# the heights at which names stand
heights() { sed -n '/translate/{s/.*translate(\([^,]*\),\([^)]*\)).*/\2/;h}; />\(flat\|solar\) [0-9]/{x;p;x}' "$1" | sort -u; }
if command -v gnuplot >/dev/null; then
    figures 0 "$work/named.h5" -d "$work/named" --only users --width '85 mm' --format svg &&
        [ "$(heights "$work/named/users.svg" | wc -l)" -eq 1 ]
    ok "names that reach to neighbours stand above all bars"
else
    skip "names that reach to neighbours stand above all bars" "no gnuplot"
fi

# ---- keys that a cell does not read, or that move together; what is not there
cat >"$work/kinds.yaml" <<EOF
format: 1
scenario: named.yaml
vary: {market.beta: [0, 0.5], market.mechanism: [two_round, pay_as_bid], households.flat.count: [2, 4, 6]}
EOF
cat >"$work/pair.yaml" <<EOF
format: 1
scenario: named.yaml
zip: [{tariff.retail: [0.4, 0.5], tariff.feed_in: [0.1, 0.2]}]
vary: {market.beta: [0, 0.5]}
EOF
for name in kinds pair; do
    gridbourse sweep "$work/$name.yaml" -q -o "$work/$name.h5" >"$work/out" 2>"$work/err"
done
(PATH=$work/bin figures 0 "$work/kinds.h5" -d "$work/kinds" --only curves,map) &&
    grep -q "^name_1 = 'pay_as_bid'" "$work/kinds/curves.gp" && grep -q '"pay_as_bid" 0' "$work/kinds/map.gp" &&
    grep -q '; pay_as_bid: market.mechanism, where nothing reads market.beta' "$work/kinds/curves.txt" &&
    grep -q '; pay_as_bid: market.mechanism, where nothing reads market.beta' "$work/kinds/map.txt"
ok "a line of cells that do not read its key has the name of what they are"
grep -q "x_label = 'Homes of kind flat'" "$work/kinds/curves.gp"
ok "and the number of homes of a kind a label in words"
(PATH=$work/bin figures 0 "$work/kinds.h5" -d "$work/all") && grep -q '^main: skipped, .* no complete grid of their keys' "$work/err"
ok "and main effects, which such cells have none of, are passed over where nobody asks for them"
(PATH=$work/bin figures 1 "$work/pair.h5" -d "$work/above/refused" --only main --where market.beta=0) &&
    grep -q "take two keys .* and 'tariff.retail' and 'tariff.feed_in' vary together (zip)" "$work/err"
ok "main effects of keys that move together, and of no other, say so"
[ ! -e "$work/above" ]
ok "and nothing refused leaves an empty folder"
(PATH=$work/bin figures 0 "$work/kinds.h5" -d "$work/pair" --only main --where market.mechanism=two_round) &&
    grep -q '1 replication, no interval' "$work/pair/main.txt"
ok "of one replication there is no interval"
(PATH=$work/bin figures 0 "$work/pair.h5" -d "$work/pair" --only main) &&
    grep -q ', from 0.4" NaN' "$work/pair/main.dat" && ! grep -q 'feed' "$work/pair/main.dat" &&
    grep -q '; tariff.feed_in varies along with tariff.retail, at which the effect of both stands' "$work/pair/main.txt"
ok "keys that move together are one beside another"
gridbourse compare "$work/pair.h5" --against market.beta=0,tariff.feed_in=0.2 --columns saving >"$work/out" 2>"$work/err" &&
    grep -qE '^ +tariff.retail; tariff.feed_in +0.4; 0.1 +0.5; 0.2 ' "$work/out" && ! grep -qE '^ +tariff.feed_in ' "$work/out" &&
    grep -q '^Main effects: tariff.feed_in varies along with tariff.retail (zip); they have one effect' "$work/out"
ok "  in the comparison of cells, too, whose reference either names"
(PATH=$work/bin figures 2 "$work/kinds.h5" -d "$work/pair" --only curves --y nix) && ! grep -q 'did you mean' "$work/err"
ok "another word is no slip of a column's name"
(PATH=$work/bin figures 2 "$work/kinds.h5" -d "$work/pair" --only curves --y savng_px) &&
    grep -q "has no column 'savng_px' of numbers (did you mean 'saving_pct'?)" "$work/err"
ok "and a slip is found as far off as any other command finds it"

# ---- what replications share
kept() {
    printf 'format: 1\nscenario: %s\nredraw: %s\nreplications: 3\n' "$srcdir/experiments/village.yaml" "$1"
    echo 'set: {chain.protocol: ideal, slots: 8, meters.count: 6, output.level: market}'
}
kept '[weather, behaviour]' >"$work/kept.yaml"
kept '[households]' >"$work/drawn.yaml"
for name in kept drawn; do
    gridbourse sweep "$work/$name.yaml" -q -o "$work/$name.h5" 2>>"$work/err"
    (PATH=$work/bin figures 0 "$work/$name.h5" -d "$work/$name" --only users,gains)
done
extent='Intervals extend over weather and behaviour, given these households and this chain\.$'
grep -q "; means and 95 % t intervals over 3 trials\. $extent" "$work/kept/users.txt" &&
    grep -q "^Gain of each of 6 users, paired mean and 95 % t interval over 3 trials.*\. $extent" "$work/kept/gains.txt"
ok "users of households that all replications share have means and intervals of their own"
[ ! -e "$work/drawn/users.txt" ] && grep -q 'a mean over meter k is nobody' "$work/err" &&
    grep -q 'of the k-th of 6 users .*\. Intervals extend over households, given this weather, this behaviour and this chain\.$' \
        "$work/drawn/gains.txt"
ok "those of households drawn anew have none"

# ---- intervals of shares
cat >"$work/shares.yaml" <<EOT
format: 1
scenario: $srcdir/experiments/village.yaml
set: {meters.count: 6, slots: 40, market.gate: 2 s, output.level: summary}
vary: {chain.delay: [constant 20 ms, constant 450 ms, constant 460 ms]}
replications: 3
EOT
gridbourse sweep "$work/shares.yaml" -q -o "$work/shares.h5" 2>>"$work/err"
(PATH=$work/bin figures 0 "$work/shares.h5" -d "$work/shares" --only curves --y n_missed_slots/n_slots) &&
    awk '!/^#/ && NF == 7 && $4 > 102 {n++} END {exit n != 2}' "$work/shares/curves.dat" &&
    gridbourse compare "$work/shares.h5" --csv --columns n_missed_slots/n_slots | awk -F, '/n_missed/ {printf "%.6f\n", 100 * $8}' >"$work/out" &&
    awk '!/^#/ && NF == 7 {printf "%.6f\n", $4}' "$work/shares/curves.dat" | diff - "$work/out" >>"$work/err" &&
    grep -qx 'y1_high = 100' "$work/shares/curves.gp" && grep -qx 'y1_most = 100' "$work/shares/curves.gp" &&
    grep -q '95 % intervals, drawn as far as a share can go (the data have the rest)\. Intervals extend' "$work/shares/curves.txt"
ok "an interval of a share is drawn as far as a share can go, and the data and the table have all of it"
(PATH=$work/bin figures 0 "$work/shares.h5" -d "$work/shares" --only effect --y n_missed_slots/n_slots) &&
    grep -qx 'y1_most = 1e+300' "$work/shares/effect.gp" && ! grep -q 'as far as a share' "$work/shares/effect.txt"
ok "  but not that of a difference of shares"
{ kept '[chain]' | sed 's/ideal, slots: 8/pbft, slots: 4/'; echo 'vary: {chain.nodes: [4, 7]}'; } >"$work/blocks.yaml"
gridbourse sweep "$work/blocks.yaml" -q -o "$work/blocks.h5" 2>>"$work/err"
(PATH=$work/bin figures 0 "$work/blocks.h5" -d "$work/shares" --only curves --y transactions_per_block) &&
    grep -q "^y_label_1 = 'Mean number of transactions[^%]*$" "$work/shares/curves.gp"
ok "  and what a block or a trade has of something is no share of it"
kept '[behaviour]' | sed 's/slots: 8, meters.count: 6/agents.strategy: zip, days: 3, start_date: 2023-06-21, slot: 1 h, meters.count: 20/' \
    >"$work/days.yaml"
gridbourse sweep "$work/days.yaml" -q -o "$work/days.h5" 2>>"$work/err"
(PATH=$work/bin figures 0 "$work/days.h5" -d "$work/shares" --only convergence) &&
    awk '$1 == 2 && $4 != "nan" && $4 > 101 {n++} END {exit n != 1}' "$work/shares/convergence.dat" &&
    grep -qx 'y2_high = 100' "$work/shares/convergence.gp" &&
    grep -q '95 % intervals, drawn as far as a share can go' "$work/shares/convergence.txt"
ok "  and of the share of trade day by day likewise"

# ---- on a full disk, which a limit on the size of files stands for
says_why() {
    grep -q "cannot write the figure '$work/full/users.$1': File too large" "$work/err"
}
is_absent() { [ -z "$(find "$work/full" -name 'users.p[dn][fg]' -o -name users.svg)" ]; }
for format in pdf svg png; do
    if command -v gnuplot >/dev/null; then
        (ulimit -f 10; LC_ALL=C figures 1 "$work/paper.h5" -d "$work/full" --only users \
            --format $format) && says_why $format
        ok "a $format that breaks off is refused, and why"
    else
        skip "a $format that breaks off is refused, and why" "no gnuplot"
    fi
done
is_absent
ok "and no part of a picture is left"

echo "1..$n"
exit $failed
