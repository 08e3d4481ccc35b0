#!/bin/sh
# compare --against, as a user types it: cells of a sweep against one of them.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/sample.sh"
against() { run 0 compare "$dir/sweep.h5" --against market.beta=0 "$@"; }

echo 1..95
check 'cells of a sweep are compared with one of them' against
check '  whose draws they share' says 'against market.beta=0, paired on the draws of 6 replications'
check '  a quantity has a row a cell' test "$(awk '/^community.s saving,/ {on = 1} /^$/ {on = 0} on' "$dir/out" | wc -l)" -eq 10
check '  with p raw and by Holm' test "$(grep -c "^  market.beta .* p  .*Holm's p" "$dir/out")" -ge 1
check '  and main effects of beta and size' test "$(awk '/^main effects on community.s saving/ {on = 1} /^$/ {on = 0} on' "$dir/out" | wc -l)" -eq 7
check '  what nobody has changed is named in a line' says 'Equal in every trial:'
check '  and over what the intervals extend is said' says 'It extends over weather, households, behaviour and the chain'
# the same rows in every output
cp "$dir/out" "$dir/text"
against --csv
check 'as CSV it has equal numbers of fields' test "$(awk -F, '{print NF}' "$dir/out" | sort -u | wc -l)" -eq 1
cp "$dir/out" "$dir/csv"
saving_agrees() {
    awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i; next}
             $at["row"] == "cell" && $at["quantity"] == "saving" {
                 printf "%.4f %+.4f %.4f\n", $at["cell"], $at["difference"], $at["p"]}' "$dir/csv" >"$dir/a"
    awk '/^community.s saving,/ {on = 1; next} /^$/ {on = 0} on && $1 != "market.beta" {print $5, $7, 0}' "$dir/text" |
        sed 's/</0.0000/' >"$dir/b"
    [ "$(wc -l <"$dir/a")" -eq 8 ] && cut -d' ' -f1,2 "$dir/a" >"$dir/a2" && cut -d' ' -f1,2 "$dir/b" >"$dir/b2" && cmp "$dir/a2" "$dir/b2"
}
check '  whose saving is that of the table' saving_agrees
n_csv=$(($(wc -l <"$dir/csv") - 1))
against --json
check 'as JSON it has as many rows' test "$(grep -c '^  {' "$dir/out")" -eq "$n_csv"
. "$srcdir/tests/python.sh"
if command -v "$python" >/dev/null; then
    check '  and is JSON' "$python" -c 'import json, sys; rows = json.load(open(sys.argv[1])); assert all(r.keys() == rows[0].keys() for r in rows)' "$dir/out"
else
    skip '  and is JSON' 'no python3'
fi
against --columns saving,gain_per_user_day --markdown
check 'in Markdown a table has as many bars in every row' test "$(grep '^|' "$dir/out" | awk -F'|' 'NF != 13 && NF != 8' | wc -l)" -eq 0
check '  and a row a cell and a main effect' test "$(grep -c '^|' "$dir/out")" -eq 34
against --columns saving,gain_per_user_day --latex
check 'for LaTeX every line but tables is a comment' test "$(grep -v -e '^%' -e '^\\' -e '^$' -e ' & ' "$dir/out" | wc -l)" -eq 0
check '  whose signs are mathematics' grep -qF '$+$' "$dir/out"
check '  and whose names are text' test "$(grep -v '^%' "$dir/out" | grep -c '[^\\][%_]')" -eq 0
check '  also that of p < 0.0001' grep -qF '$<$ 0.0001' "$dir/out"
check '  every table has a caption that names its quantity' test "$(grep -c '^.begin{table.*}$' "$dir/out")" -eq \
    "$(grep -c '^.caption{[A-Z].*; paired differences from market..allowbreak beta=0 with 95 .% intervals.*}$' "$dir/out")"
check '  nowhere else' test "$(grep -v '^%' "$dir/out" | grep -c '[^$]<')" -eq 0
# choosing
check '--columns shows what it names' against --columns price_mean
check '  and nothing else' test "$(grep -c '^[a-z].*, currency' "$dir/out")" -le 2
against --columns messages_per_trade
check 'messages a trade are no per cent' test "$(grep -c '^orders and amendments sent over trades matched$' "$dir/out")" -ge 1
gap=sellers_less_buyers_gain_per_kwh
check 'the gap between the sides is a quantity, though no column' against --columns $gap --latex
check '  with a table of its name' says 'gain of the sellers less that of the buyers per kWh'
check '  and a column of a sweep' run 0 compare "$dir/sweep.h5" --columns saving,$gap
check '--all shows every quantity' against --all --csv
quantities() { awk -F, 'NR > 1 && $4 == "cell" {print $5}' "$dir/out" | sort -u | wc -l; }
check '  of the summary' test "$(quantities)" -gt 100
check '--where shows some cells' against --where meters.count=40 --columns saving --csv
check '  and no others' test "$(awk -F, '$4 == "cell"' "$dir/out" | cut -d, -f2 | sort -u)" = 40
whole=$(awk -F, '$4 == "cell" && $2 == 40 {print $19}' "$dir/out" | sort -u)
check '  whose family is all cells all the same' test "$whole" = 8
check 'a bootstrap of too few replications is refused' run 2 compare "$dir/sweep.h5" --against market.beta=0 --bootstrap 200
check '  with what would do' complains 'takes cells of at least 30 replications, these have 6: without it intervals are Student'
# a bootstrap that cannot be: of 32 replications some have no price, and few differ
cat >"$dir/drawn.yaml" <<EOT
format: 1
scenario: $srcdir/experiments/village.yaml
set: {meters.count: 4, slots: 8, slot: 3 h, market.open: 1 h, chain.protocol: ideal}
vary: {agents.strategy: [paper_beta, truthful, zip]}
replications: 32
EOT
gridbourse sweep "$dir/drawn.yaml" -q -o "$dir/drawn.h5"
drawn() { run 0 compare "$dir/drawn.h5" --against agents.strategy=paper_beta --all "$@"; }
# rows STATE CONDITION: how many have it; none where one does not hold the condition
rows() {
    awk -F, -v state="$1" 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i; next}
        function of(name) {return $at[name]}
        of("state") == state && of("row") == "cell" {n++; if (!('"$2"')) wrong = 1}
        END {print wrong ? "wrong" : n + 0}' "$dir/out"
}
drawn --bootstrap 200 --csv
check 'rows of fewer than 30 replications that have a number are few for a bootstrap' test "$(rows few 'of("trials") < 30 && of("difference") != "" && of("lower") of("upper") of("bonferroni_lower") == ""')" -gt 0
check '  those of which too few differ are lost to it' test "$(rows lost 'of("trials") == 32 && of("difference") != "" && of("lower") of("upper") of("bonferroni_lower") == ""')" -gt 0
check '  and all others have bounds' test "$(rows estimated 'of("lower") != "" && of("upper") != ""')" -gt 0
drawn --bootstrap 200
check '  which the notes below tables say of the one' says '± and bounds are - in rows of fewer than 30 replications'
check '  and of the other' says '± and bounds are - in rows where more than one resample in a hundred has no t'
drawn --csv
check '  and which Student has' test "$(rows few 1)$(rows lost 1)" = 00
cp "$dir/sweep.h5" "$dir/a_b*c|d.h5"
run 0 compare "$dir/a_b*c|d.h5" --against market.beta=0 --columns saving --markdown
check 'the name of a file is no markup of Markdown' says 'a\_b\*c\|d.h5: 8 cells'
run 0 compare "$dir/a_b*c|d.h5" --markdown
check '  nor of a table against the grid' says 'a\_b\*c\|d.h5: 60 trials'
drawn --markdown
check '  nor are keys and values that were set' says 'meters.wind\_share 0.25'

# refusals
check 'a key that was not varied is refused' run 2 compare "$dir/sweep.h5" --against chain.nodes=4
check '  with those that were' complains 'expected one of market.beta, meters.count, market.books'
check 'a value that no trial has is refused' run 2 compare "$dir/sweep.h5" --against market.beta=0.3
check '  with those there are' complains 'its values are 0, 0.25, 0.5, 0.75, 1'
check 'a quantity that there is none of is refused' run 2 compare "$dir/sweep.h5" --against market.beta=0 --columns savin
check '  with the one that was meant' complains "did you mean 'saving'?"
check 'two outputs at once are refused' run 2 compare "$dir/sweep.h5" --csv --json
check '  in words' complains 'one of --csv, --json, --latex and --markdown'
check 'a bootstrap without a reference is refused' run 2 compare "$dir/sweep.h5" --bootstrap 200
check '  which it names' complains 'name the cell to compare with in --against'
check 'all cells as references are refused' run 2 compare "$dir/sweep.h5" --against market.books=pooled
check '  in words' complains 'there is nothing to compare with them'
check '--where that leaves the reference alone is refused' run 2 compare "$dir/sweep.h5" --against market.beta=0 --where market.beta=0
check '  with the cure' complains 'shows no cell but the reference, market.beta=0: leave it out, or name the values of cells'
check '  which works' against --where market.beta=0,market.beta=0.25
# the comparison with the grid in the same outputs
check 'a sweep as JSON' run 0 compare "$dir/sweep.h5" --json
check '  has the saving of every cell' test "$(grep -c '"what": "saving"' "$dir/out")" -eq 10
check '  and that of a meter and day' test "$(grep -c '"what": "gain_per_user_day"' "$dir/out")" -eq 10
run 0 compare "$dir/sweep.h5" --where market.beta=0,meters.count=10
check '--where with one cell shows all of it' says 'saving per meter and day'
run 0 compare "$dir/sweep.h5" --where meters.count=10 --columns n_late,saving --markdown
check '--columns of a sweep, a row a cell' test "$(grep -c '^|' "$dir/out")" -eq 7
run 0 compare "$dir/sweep.h5" --where meters.count=10 --columns n_late,saving --csv
check '  and in rows for programs these alone' test "$(cut -d, -f4,5 "$dir/out" | sort | uniq -c | awk '{printf "%s %s;", $1, $2}')" = '5 all,n_late;5 all,saving;1 who,what;'
check '  where one that there is none of is refused' run 2 compare "$dir/sweep.h5" --columns savin --json
check '  before anything is printed' test ! -s "$dir/out"
run 0 compare "$dir/paper.h5" --latex
check 'one run for LaTeX' test "$(grep -c 'begin{tabular}' "$dir/out")" -ge 2
check '  with a percent sign that is none of a comment' grep -qF '12.3639 \%' "$dir/out"
# a run of one's own: the currency by its name, and key figures that only a whole run has
check 'a run in a currency of its own' run 0 run "$srcdir/experiments/village.yaml" --set slots=48 \
    --set chain.protocol=ideal --set currency=EUR -o "$dir/euro.h5" -q
run 0 compare "$dir/euro.h5"
check '  is compared in it' grep -q ', tariff .* EUR per kWh$' "$dir/out"
check '  with its tables' grep -q '^  in EUR .* market .* grid only' "$dir/out"
check '  and nowhere in another' test "$(grep -c currency "$dir/out")" -eq 0
adds_up() {
    awk '/efficiency on reserves/ {e = $(NF - 1)} /lost by extramarginal/ {m = $(NF - 1)} /that did not trade/ {i = $(NF - 1)}
         END {d = 100 - e - m - i; exit !(e > 0 && d < .03 && d > -.03)}' "$dir/out"
}
check '  whose efficiency and both losses add up to all' adds_up
utility_loses() {
    awk '/margin that the utility loses/ {m = $(NF - 1)} /community.s saving/ {s = $NF} END {d = m - s; exit !(m > 0 && d < 2e-4 && d > -2e-4)}' "$dir/out"
}
check '  and whose utility loses what users save' utility_loses
check '  and whose concentration is no whole number' grep -Eq 'sellers, by concentration +[0-9]+\.[0-9][0-9]$' "$dir/out"
# users of households that replications share
cat >"$dir/kept.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.protocol: ideal, slots: 48, meters.count: 8, output.level: market}
vary: {market.requote.match: [within_reserve, crossing]}
redraw: [weather, behaviour]
replications: 3
EOF
each() { run 0 compare "$dir/kept.h5" --against market.requote.match=within_reserve --users "$@"; }
check 'a sweep may keep its households' run 0 sweep "$dir/kept.yaml" -q -o "$dir/kept.h5"
check '  whose users are compared one by one' each
check '  by name' test "$(grep -c '^ *crossing *meter [0-7] ' "$dir/out")" -eq 8
check '  as CSV, too' each --csv
# the bill without a market is the same in both
users_pay_what_is_not_saved() {
    awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i; next}
             $at["quantity"] == "saving" && $at["row"] == "cell" {saving = $at["difference"]}
             $at["quantity"] == "user_cost" {paid += $at["difference"]; n++}
             END {sum = saving + paid; exit !(n == 8 && saving != 0 && sum < 1e-9 && sum > -1e-9)}' "$dir/out"
}
check '  and all of them pay what the community does not save' users_pay_what_is_not_saved
check 'where households are drawn anew no user is compared' run 2 compare "$dir/sweep.h5" --against market.beta=0 --users
check '  and why is said' complains 'each replication has households of its own'
# two results
cp "$dir/sweep.h5" "$dir/copy.h5"
check 'a result and its copy are equal' run 0 diff "$dir/sweep.h5" "$dir/copy.h5"
check '  and diff says so' says 'equal: 60 trials'
check 'other results differ, with exit 1' run 1 diff "$dir/sweep.h5" "$dir/paper.h5"
check '  in what is named' says 'other keys were varied'
check 'what is no result is refused with exit 2' run 2 diff "$dir/sweep.h5" "$0"
check '  in words' complains 'is not an HDF5 file'
check 'one result alone is refused' run 2 diff "$dir/sweep.h5"
check '  in words' complains 'which two results?'
# beta moves no energy: of two main effects on the import one is tested
printf '%s\n' 'format: 1' 'scenario: day.yaml' 'vary: {market.beta: [0, 1], meters.count: [6, 9]}' 'replications: 3' >"$dir/grid.yaml"
printf '%s\n' 'format: 1' 'slots: 4' 'slot: 6 h' 'chain.protocol: ideal' >"$dir/day.yaml"
check 'a small grid runs' run 0 sweep "$dir/grid.yaml" -q -o "$dir/grid.h5"
run 0 compare "$dir/grid.h5" --against market.beta=0 --columns import_wh --csv
check 'a family has as many members as tests were made, of main effects too' test "$(awk -F, '
    NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i; next}
    $at["row"] == "main effect" {printf "%s %s, ", $at["state"], $at["family"]}' "$dir/out")" = 'equal 1, estimated 1, '
# a tariff of 1e-6 more: what is small has its digits
printf '%s\n' 'format: 1' 'scenario: day.yaml' 'set: {meters.count: 3}' 'vary: {tariff.retail: [0.59, 0.590001]}' 'replications: 3' >"$dir/small.yaml"
check 'a sweep of tariffs that hardly differ runs' run 0 sweep "$dir/small.yaml" -q -o "$dir/small.h5"
run 0 compare "$dir/small.h5" --against tariff.retail=0.59 --columns cost
check 'a small difference has digits' grep -qE '  [+]0[.]0*[1-9][0-9]+ ± 0[.]0*[1-9][0-9] ' "$dir/out"
check '  no interval is shown as 0' test "$(grep -cE '± 0\.0*( |$)' "$dir/out")" = 0
check '  nor are its bounds' test "$(grep -cE '\[[-+]0\.0*, [-+]0\.0*\]' "$dir/out")" = 0
check '  and the cells beside it are told apart' test "$(awk '$1 == "0.590001" && NF > 7 {print ($3 != $4)}' "$dir/out")" = 1
exit $failed
