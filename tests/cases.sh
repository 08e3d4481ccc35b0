#!/bin/sh
# The cost of consensus from a sweep with cases: the reference is chosen by its name or by what its
# case sets, and knows neither validators nor delays, which the cells compared with it differ in.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/commands.sh"
against() { run 0 compare "$dir/cost.h5" --against "$@"; }
# column NAME CONDITION: its values, each once, in rows that have CONDITION, an awk expression over
# v["NAME"]
column() {
    awk -F, -v name="$1" "NR == 1 {for (i = 1; i <= NF; i++) names[i] = \$i; next}
        {for (i = 1; i <= NF; i++) v[names[i]] = \$i} $2 {print v[name]}" "$dir/out" | sort -u | tr '\n' ' '
}

cat >"$dir/cost.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/village.yaml
set: {market.gate: 2 s, slots: 6, start_date: 2023-06-01, chain.crypto: modelled, output.level: market}
cases:
  - {name: ideal, set: {chain.protocol: ideal}}
  - name: pbft
    set: {chain.protocol: pbft}
    vary:
      chain.nodes: [4, 7]
      chain.delay: constant 20 ms:520 ms:500 ms
vary: {meters.count: [6, 8]}
replications: 3
EOF
echo 1..59
check 'a sweep with an ideal case runs' run 0 sweep "$dir/cost.yaml" -q -o "$dir/cost.h5"
against case=ideal --csv
check 'every other cell is compared with the ideal one of as many meters' test "$(column case 'v["row"] == "cell"')-$(column reference 'v["row"] == "cell" && v["quantity"] == "n_late"')" = 'pbft -0 '
cp "$dir/out" "$dir/by-name"
check '  eight of them' test "$(awk -F, '$5 == "cell" && $6 == "saving"' "$dir/out" | wc -l)" -eq 8
check '  each with its own number of meters' test "$(awk -F, '$5 == "cell" && $6 == "cost" {print $4, $11}' "$dir/out" | sort -u | wc -l)" -eq 2
quantities=$(column quantity 'v["row"] == "cell"')
has() { for q in "$@"; do case " $quantities " in *" $q "*) ;; *) echo "# no $q"; return 1 ;; esac; done; }
check '  by side and community' has buyers_cost sellers_revenue cost buyers_gain_per_kwh sellers_gain_per_kwh
check '  and for the grid' has utility_margin_lost utility_revenue_lost import_wh export_wh peak_import_wh ramping carbon
check '  with why: late, refused and missed by reason' has n_late n_late_consensus n_refused n_refused_expired n_missed_slots n_missed_close_consensus
check '  and per user' test "$(column quantity 'v["row"] == "users"')" = 'user_cost_q00 user_cost_q05 user_cost_q100 user_cost_q25 user_cost_q50 user_cost_q75 user_cost_q95 users_worse '
against chain.protocol=ideal --csv
check 'a case is found by what it sets' cmp "$dir/out" "$dir/by-name"
run 0 compare "$dir/cost.h5" --where chain.protocol=ideal --csv
check '  in --where too' test "$(column case 1)" = 'ideal '
against case=ideal --where meters.count=8 --where chain.nodes=4
check 'the head says how many of the cells are shown' says ': 2 of 8 cells against case=ideal, paired on the draws of 3 replications'
check '  and their difference' grep -Eq 'pbft +4 +constant 520 ms +8 +3 ' "$dir/out"
check '  what nothing tells apart is said to be untested' says "are - where nothing is tested"
printf '%s\n' 'format: 1' "scenario: $srcdir/experiments/village.yaml" 'set: {slots: 2, chain.protocol: ideal}' 'cases:' \
    '  - {name: calm, set: {meters.wind_share: 0}}' '  - {name: windy, set: {meters.wind_share: 0.5}}' >"$dir/set.yaml"
run 0 sweep "$dir/set.yaml" -q -o "$dir/set.h5"
run 0 compare "$dir/set.h5"
check 'the head names what all cells share' says 'Set: meters.count 36 (default 30), forecast.skill 0.8 (0), chain.protocol ideal (pbft),'
check '  and nothing that a case sets' test "$(grep -c wind_share "$dir/out")" -eq 0
# what a dash stands for is said where one is shown, and nowhere else
run 0 compare "$dir/cost.h5"
check 'a case that reads no key has a dash there, and what it means is said' says 'A key is - where nothing in that cell reads it.'
check '  trials and cells are those of the whole result' says 'cost.h5: 30 trials in 10 cells,'
for style in markdown latex; do
    run 0 compare "$dir/cost.h5" --$style
    check "  in $style too" says 'A key is - where nothing in that cell reads it.'
done
run 0 compare "$dir/cost.h5" --where case=pbft,meters.count=8
check 'what is shown is counted, and of how many' says 'cost.h5: 12 of the 30 trials in 4 of 10 cells,'
check '  and no word lost on dashes of keys that are not there' test "$(grep -c 'A key is -' "$dir/out")" -eq 0
against case=pbft,chain.nodes=4,chain.delay='constant 20 ms' --csv
check 'a cell of a case can be the reference as well' test "$(column case 'v["row"] == "cell"')" = 'ideal pbft '
cp "$dir/out" "$dir/by-name"
against case=pbft,chain.nodes=4,chain.delay='constant 0.02 s' --csv
check '  in other words for the same delay' cmp "$dir/out" "$dir/by-name"
run 0 compare "$dir/cost.h5" --where chain.delay='constant 0.52 s' --csv
check '  as cells to be shown are' test "$(column chain.delay 1)" = 'constant 520 ms '
check '  and cases' run 2 compare "$dir/cost.h5" --against market.gate='2000 ms'
check '  whose names are told' complains 'choose one of ideal, pbft by case=NAME'
check 'of several references the key is named that chooses' run 2 compare "$dir/cost.h5" --against case=pbft
check '  in words' complains 'add chain.nodes=VALUE to --against'
check 'what no case sets is refused' run 2 compare "$dir/cost.h5" --against chain.protocol=poa
check '  with what they set' complains 'no case has chain.protocol=poa; they have ideal, pbft'
check 'what several set is refused' run 2 compare "$dir/cost.h5" --against chain.crypto=modelled
check '  with their names' complains 'choose one of ideal, pbft by case=NAME'
check 'what is no key is refused as ever' run 2 compare "$dir/cost.h5" --against chian.protocol=ideal

run 0 figures "$dir/cost.h5" -d "$dir/a" --format svg --only effect --where chain.protocol=pbft --x meters.count --where 'chain.delay=constant 520 ms' --against chain.protocol=ideal
check 'figures take differences from the same case' grep -q '^Difference from the cell with case = ideal' "$dir/a/effect.txt"
curves() { run 0 figures "$dir/cost.h5" -d "$dir/$1" --format svg --only curves --where meters.count=8 --y cost --x chain.delay "$2" "$3"; }
numbers_of_line() { awk 'NF == 0 && !blank {blank = 1; next} NF {if (blank) {line++; blank = 0}} /^[0-9]/ && line == 0 {n++; x = x " " $1; y[$2]}
    END {for (v in y) m++; exit !(n == 2 && x == " 20 520" && m == 1)}' "$dir/$1/curves.dat"; }
check 'a case that does not read the key along x is drawn' curves level --lines chain.nodes
check '  in one panel with the others, whose axis has numbers' test "$(grep -c -e '^are_words = 0' -e '^n_panels = 1' "$dir/level/curves.gp")" -eq 2
check '  as a level line' numbers_of_line level
check '  and the caption says so' grep -q 'level: cells in which nothing reads chain.delay' "$dir/level/curves.txt"
run 0 figures "$dir/cost.h5" -d "$dir/words" --format svg --only curves --y cost --x chain.delay --lines meters.count --panels chain.nodes --where case=ideal,chain.nodes=4,chain.nodes=-,case=pbft
check '  where it has a line of its own' grep -q 'level: cells' "$dir/words/curves.txt"
run 0 figures "$dir/cost.h5" -d "$dir/words" --format svg --only curves --y cost,saving --x chain.delay --lines meters.count --where chain.nodes=4,chain.nodes=-
check '  and else in the place of a word' test "$(grep -c '^are_words = 1' "$dir/words/curves.gp")-$(grep -c level "$dir/words/curves.txt")" = 1-0
printf '%s\n' 'format: 1' 'slots: 4' 'slot: 6 h' 'meters.count: 8' 'chain.protocol: ideal' >"$dir/day.yaml"
printf '%s\n' 'format: 1' 'scenario: day.yaml' 'vary: {market.beta: [0.5, 0], market.mechanism: [two_round, uniform]}' \
    'replications: 2' >"$dir/unread.yaml"
run 0 sweep "$dir/unread.yaml" -q -o "$dir/unread.h5"
unread() { run 0 figures "$dir/unread.h5" -d "$dir/unread" --format svg --y saving "$@"; }
unread --only map --x market.beta --lines market.mechanism
check 'numbers beside a cell that reads none stand in their order' grep -qF "x_tics = '(\"-\" 0, \"0\" 1, \"0.5\" 2)'" "$dir/unread/map.gp"
unread --only curves --x market.mechanism --lines market.beta
# where the names of the lines 0 and 0.5 begin
names_at() { awk -F'[(,]' '/<g transform/ {x = /text-anchor="start"/ ? $2 : ""} x != "" && /<text>0(\.5)?<\/text>/ {print x}' "$dir/unread/curves.svg"; }
check 'names stand behind all points that are side by side over a word' test "$(names_at | wc -l)-$(names_at | sort -u | wc -l)" = 2-1
# cells that differ in what they keep
printf '%s\n' 'format: 1' 'scenario: day.yaml' 'cases:' '  - {name: fine, set: {output.level: market}}' '  - {name: rough, set: {market.beta: 0.3}}' \
    'vary: {meters.count: [5, 8]}' 'replications: 2' >"$dir/levels.yaml"
run 0 sweep "$dir/levels.yaml" -q -o "$dir/levels.h5"
for k in 1 2; do run 0 sweep "$dir/levels.yaml" -q --shard $k/2 -o "$dir/levels.$k.h5"; done
check 'shards of cells that differ in their level of output merge' run 0 merge -q -o "$dir/joined.h5" "$dir/levels.1.h5" "$dir/levels.2.h5"
check '  to the bytes of the whole' cmp "$dir/joined.h5" "$dir/levels.h5"
check '  and are equal' run 0 diff "$dir/levels.h5" "$dir/joined.h5"
levels() { run 0 compare "$dir/levels.h5" --where meters.count=5 "$@"; }
check 'they are compared, without users' levels --against case=fine
check '  of whom there are none to compare' run 2 compare "$dir/levels.h5" --against case=fine --users
check '  for some cells keep none' grep -q 'some of the cells compared hold no users' "$dir/err"
check 'one that keeps users has them' levels --where case=fine
check '  below its other figures' grep -q 'What users gain' "$dir/out"
check 'and one that keeps none has the others' levels --where case=rough
check '  alone' test "$(grep -c -e '^  user .* change' -e 'What users gain' "$dir/out")" -eq 0
check 'figures of a trial that keeps its slots are drawn' run 0 figures "$dir/levels.h5" -d "$dir/levels" --format svg --only balance,clearing
check 'and of one that keeps no users it is said that they are not kept' run 1 figures "$dir/levels.h5" -d "$dir/levels" \
    --only gains --where case=rough,meters.count=5
check '  though others have some' grep -q 'no users are kept of what is shown' "$dir/err"
run 0 compare "$dir/cost.h5" --where case=ideal --where meters.count=8
check 'and one cell shows what a side gains more than the other' grep -q 'sellers less buyers, per kWh' "$dir/out"
printf 'format: 1\nscenario: %s\nvary: {market.open: 15 min:18 min:1 min, market.gate: 20 min:23 min:1 min}\n' \
    "$srcdir/experiments/village.yaml" >"$dir/wrong.yaml"
run 2 sweep --check "$dir/wrong.yaml"
check 'cells that are wrong beyond the first are counted, with a place' grep -qE '/wrong.yaml:3:[0-9]+: 6 more cells like these$' "$dir/err"
printf 'format: 1\nscenario: %s\nset: {chain.delay: constant 20 ms}\nvary: {market.beta: [0, 1]}\n' \
    "$srcdir/experiments/village.yaml" >"$dir/set.yaml"
run 0 sweep --check "$dir/set.yaml" --set chain.protocol=ideal
check 'a setting that no cell reads is named' grep -q '^  chain.delay=constant 20 ms changes nothing: no cell that has it reads it$' "$dir/out"
run 0 sweep --check "$dir/set.yaml"
check '  and one that some read is not' test "$(grep -c 'changes nothing' "$dir/out")" -eq 0
exit $failed
