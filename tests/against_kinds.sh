#!/bin/sh
# compare --against by kind of household: each kind's paired differences, intervals and p values
# computed anew in Python from the tables of the result.
. "$srcdir/tests/python.sh"
need_h5py
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
work=$dir
. "$srcdir/tests/tap.sh"
cat >"$dir/village.yaml" <<'EOT'
format: 1
slots: 48
start_date: 2024-06-01
chain.protocol: ideal
market.mechanism: two_round
agents.traits: wide
households:
  flat: {count: 6, load: {yearly: 2200}}
  terrace: {count: 4, load: {yearly: 4200}, pv: {size: 5}}
  farm: {count: 2, load: {yearly: 9000}, pv: {size: 25, size_sd: 3}, storage: {}}
EOT
cat >"$dir/sweep.yaml" <<'EOT'
format: 1
scenario: village.yaml
set: {output.level: market}
vary: {market.beta: [0.1, 0.5, 0.9]}
replications: 6
EOT
sed '/^vary/s/.*/vary: {households.farm.count: [0, 1, 3]}/' "$dir/sweep.yaml" >"$dir/count.yaml"
compared() { gridbourse compare "$dir/$1.h5" --against "$2" "$3" >"$dir/$1$3" 2>"$dir/err"; }

echo 1..8
gridbourse sweep "$dir/sweep.yaml" -o "$dir/sweep.h5" --quiet >"$dir/out" 2>"$dir/err" &&
    compared sweep market.beta=0.1 --csv &&
    py "$srcdir/tests/against_kinds.py" "$dir/sweep.h5" "$dir/sweep--csv" market.beta 0.1 >"$dir/out" 2>&1
ok 'kinds have the differences, intervals and p values computed anew'
compared sweep market.beta=0.1 --markdown && [ "$(grep -c '^| *\(farm\|flat\|terrace\) |' "$dir/sweep--markdown")" -eq 6 ]
ok 'in Markdown they have a row a cell and kind'
compared sweep market.beta=0.1 --latex && [ "$(grep -c '^\(farm\|flat\|terrace\) &.*\(pm\|equal\)' "$dir/sweep--latex")" -eq 6 ]
ok 'and in LaTeX'
compared sweep market.beta=0.1 --json && [ "$(grep -c '"homes of ' "$dir/sweep--json")" -eq 6 ]
ok 'and in JSON'
gridbourse sweep "$dir/count.yaml" -o "$dir/count.h5" --quiet >"$dir/out" 2>"$dir/err" &&
    compared count households.farm.count=1 --csv && compared count households.farm.count=1 --markdown &&
    [ "$(grep -c 'homes of ' "$dir/count--csv")" -eq 5 ] && ! grep -q '^0,homes of farm' "$dir/count--csv" &&
    grep -q 'Users are not compared one by one: some cell has not as many as its reference' "$dir/count--markdown"
ok 'where cells differ in their homes the kinds that both have are compared, and no single users'
sed '/^replications/s/$/\nredraw: [weather]/' "$dir/sweep.yaml" >"$dir/kept.yaml"
gridbourse sweep "$dir/kept.yaml" -o "$dir/kept.h5" --quiet >"$dir/out" 2>"$dir/err" &&
    gridbourse compare "$dir/kept.h5" --against market.beta=0.1 --users --csv >"$dir/out" 2>"$dir/err" &&
    [ "$(grep -c ',homes of ' "$dir/out")" -eq 6 ] && [ "$(grep -c ',user_cost,' "$dir/out")" -eq 24 ]
ok 'beside single users the kinds stand, too'
gridbourse compare "$dir/sweep.h5" --against market.beta=0.1 --columns saving --csv >"$dir/out" 2>"$dir/err" &&
    ! grep -q 'homes of' "$dir/out"
ok 'and where columns are named, those alone are shown'
sed '/^vary/s/.*/vary: {households.terrace.load.yearly: [4200, 4300], households.farm.pv.size_sd: [0, 3], households.farm.load.yearly: [9000, 9100], market.beta: [0.1, 0.9]}/
    s/^replications.*/replications: 2/' "$dir/sweep.yaml" >"$dir/wide.yaml"
gridbourse sweep "$dir/wide.yaml" -o "$dir/wide.h5" --quiet >"$dir/out" 2>"$dir/err" &&
    gridbourse compare "$dir/wide.h5" --columns saving \
        --against households.terrace.load.yearly=4200,households.farm.pv.size_sd=0,households.farm.load.yearly=9000,market.beta=0.1 >"$dir/out" 2>"$dir/err" &&
    tr '\n' ' ' <"$dir/out" | sed 's/   */ /g' | grep -qF 'A cell stands by its values of households.terrace.load.yearly, households.farm.pv.size_sd, households.farm.load.yearly, market.beta, in this order.' &&
    grep -q '^  4200, 0, 9000, 0.9  ' "$dir/out" && grep -q '^    market.beta   *0.9   *0.1  ' "$dir/out" &&
    [ "$(grep -c 'households.farm.pv.size_sd' "$dir/out")" -eq 3 ]
ok 'cells whose keys would fill a line are named by their values'
exit $failed
