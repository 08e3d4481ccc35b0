#!/bin/sh
# Some homes of a result, chosen by `--where kind=NAME` and `strategy=NAME`, in compare and in figures:
# every number computed anew in Python from /users, what is the whole market's left out or refused, and
# every output says which homes it is of.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cd "$work" || exit 99
cat >village.yaml <<'EOT'
format: 1
slots: 20
slot: 30 min
start_date: 2024-06-01
chain.protocol: ideal
agents.traits: wide
households:
  flat: {count: 3, load: {yearly: 2200}}
  terrace: {count: 3, load: {yearly: 4200}, pv: {size: 5}}
  farm: {count: 2, load: {yearly: 9000}, pv: {size: 15, size_sd: 3}, storage: {}, agents.strategy: zip}
  mill: {count: 2, load: {yearly: 3000}, wind: {turbine: 10}, agents.strategy: zip}
EOT
cat >sweep.yaml <<'EOT'
format: 1
scenario: village.yaml
set: {output.level: market}
vary: {market.beta: [0.1, 0.6], households.farm.count: [0, 2, 3]}
replications: 6
EOT
sed 's/\[0, 2, 3\]/[2, 3]/' sweep.yaml >full.yaml
sed 's/level: market/level: summary/' sweep.yaml >few.yaml
run() { gridbourse "$@" >out 2>err || { sed 's/^/# /' out err; false; }; }
anew() { py "$srcdir/tests/some_homes.py" "$@" >said 2>&1 || { sed 's/^/# /' said; false; }; }
grid() { # LEAST RESULT CONDITIONS: numbers that are checked
    gridbourse compare "$2.h5" --where "$3" --csv >grid.csv 2>err && anew grid "$2.h5" grid.csv "$3" &&
        [ "$(sed 's/ .*//' said)" -ge "$1" ] || { sed 's/^/# /' err said; false; }
}
refused() { # STATUS WORDS ARGUMENT...
    expected=$1 words=$2 && shift 2
    gridbourse "$@" >out 2>err
    [ $? -eq "$expected" ] && tr '\n' ' ' <err | sed 's/   */ /g' | grep -qF -- "$words" || { sed 's/^/# /' err; false; }
}

run sweep sweep.yaml -o sweep.h5 --quiet && run sweep full.yaml -o full.h5 --quiet && run sweep few.yaml -o few.h5 --quiet || exit 99
run run village.yaml -o one.h5 --quiet --set output.level=meters || exit 99
grid 100 sweep kind=farm && grid 100 sweep kind=terrace && grid 30 sweep kind=farm,market.beta=0.6
ok 'what homes of a kind pay, save, trade and draw, over the cells that have such homes'
grid 100 sweep kind=farm,kind=flat && grid 100 sweep strategy=zip && grid 100 sweep kind=farm,strategy=zip && grid 60 sweep strategy=paper_beta
ok 'of two kinds, of a strategy, and of both'
gridbourse compare few.h5 --where kind=farm --csv >a 2>err && gridbourse compare sweep.h5 --where kind=farm --csv | grep -v ',users,' >b 2>err && cmp a b
ok 'of a kind the least output level tells as much, but for the users'
against() { # RESULT CONDITIONS REFERENCE OPTION...
    result=$1 conditions=$2 reference=$3 && shift 3
    gridbourse compare "$result.h5" --where "$conditions" --against "$reference" --csv "$@" >against.csv 2>err &&
        anew against "$result.h5" against.csv "$conditions" "$reference" || { sed 's/^/# /' err; false; }
}
against sweep kind=terrace market.beta=0.1 && [ "$(sed 's/ .*//' said)" -ge 40 ] && against sweep kind=mill,strategy=zip market.beta=0.1 --all &&
    against full strategy=zip households.farm.count=2 --columns saving/n_homes,bought_wh
ok 'and their differences from a reference, with intervals and p values'
against full kind=farm households.farm.count=2 && ! grep -q ',users,' against.csv && grep -q 'homes of farm' against.csv &&
    gridbourse compare full.h5 --where kind=farm --against households.farm.count=2 >out && grep -q 'Users are not compared one by one' out
ok 'where cells have not as many of them, no single ones are compared'
grep -q '^0,kind=' against.csv || for f in latex markdown; do
    gridbourse compare full.h5 --where kind=farm,kind=mill --against market.beta=0.1 --$f >"$f" && grep -q 'homes of kind farm or mill' "$f" || exit 1
done && [ "$(grep -c 'caption{.*homes of kind farm or mill' latex)" -eq "$(grep -c 'caption{' latex)" ] &&
    gridbourse compare full.h5 --where kind=farm --json | grep -q '"homes": "kind=farm"' &&
    gridbourse compare full.h5 --where strategy=zip --latex | grep -q '^% Of the homes of strategy zip alone'
ok 'LaTeX, Markdown and JSON say which homes they are of'
gridbourse compare full.h5 --where kind=farm,market.beta=0.1,households.farm.count=2 >out 2>err && grep -q 'saving of a home' out &&
    ! grep -qE 'mean price  |missed slots|community|latency' out && [ "$(grep -c '^  farm ' out)" -eq 1 ] && ! grep -q '^  terrace ' out
ok 'of the only cell neither prices of the market nor the chain are shown, and one kind of those'
gridbourse compare one.h5 --where kind=farm >out 2>err && [ "$(grep -c '^  farm [12] .*revenue' out)" -eq 2 ] && ! grep -q '^  terrace 1' out &&
    gridbourse compare one.h5 --where kind=farm --csv >out 2>err && ! grep -q ',terrace' out
ok 'and of a run its users'
drawn() { # FIGURE RESULT CONDITIONS OPTION...
    figure=$1 result=$2 conditions=$3 && shift 3
    run figures "$result.h5" -d drawn --format svg --only "$figure" --where "$conditions" "$@" &&
        anew "$figure" "$result.h5" "drawn/$figure.dat" "$conditions" && grep -q "homes of " "drawn/$figure.txt"
}
cell=market.beta=0.6,households.farm.count=2
drawn gains full "kind=terrace,$cell" && drawn lorenz one strategy=paper_beta && drawn kinds full "kind=farm,kind=mill,$cell" &&
    ! grep -q Gini drawn/lorenz.txt
ok 'figures of users and of kinds show those homes alone'
drawn curves full kind=farm,market.beta=0.1 --x households.farm.count && drawn map full kind=farm && drawn main full kind=farm
ok 'and so do curves, maps and main effects'
run figures sweep.h5 -d drawn --format svg --only curves --lines kind --x market.beta --where kind=farm,kind=mill,households.farm.count=3 &&
    grep -q "name_1 = 'farm'" drawn/curves.gp && grep -q "name_2 = 'mill'" drawn/curves.gp && grep -q 'n_curves = 2' drawn/curves.gp
ok 'lines by kind are of the kinds that are named'
run figures one.h5 -d drawn --format svg --only meter --where kind=mill && grep -q '^Meter [0-9]*, mill 1' drawn/meter.txt &&
    refused 2 "there is no meter 'farm 1' among the homes of kind mill" figures one.h5 -d drawn --only meter --where kind=mill --meter 'farm 1'
ok 'the meter that is shown is one of them'
{
    echo 'time,a (kW)'
    for d in 01 02; do for h in 00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23; do echo "2024-06-$d $h:00,0.$h"; done; done
} >load.csv
run run village.yaml -o days.h5 --quiet --set output.level=meters --set slots=96 &&
    drawn measured days kind=terrace --beside load.csv --label start --unit kW
ok 'loads beside measured ones are theirs'
run run village.yaml -o fees.h5 --quiet --set output.level=meters --set slots=48 --set tariff.network_fee=0.02 --set tariff.levies=0.01 --set chain.fee=0.001 --set storage.controller=contract || exit 99
meters() { drawn balance fees "$1" && drawn duration fees "$1" && drawn causes fees "$1"; }
meters kind=farm && meters kind=terrace,kind=mill && meters strategy=zip && drawn storage fees kind=farm &&
    drawn causes full kind=farm,market.beta=0.1 && drawn causes full kind=mill,strategy=zip,households.farm.count=3
ok 'slots of some homes are what their meters show, and causes what their bills hold'
refused 1 'none of these homes has storage' figures fees.h5 -d all --only storage --where kind=flat &&
    refused 1 'the result does not hold: run it with output.level: meters' figures full.h5 -d all --only balance --where kind=farm &&
    refused 1 'no home there is of kind farm' figures sweep.h5 -d all --only causes --where kind=farm,market.beta=0.1
ok 'what they lack for that is said'
run figures one.h5 -d all --format svg --where kind=terrace && [ -e all/users.svg ] && [ -e all/balance.svg ] && [ ! -e all/trades.svg ] &&
    tr '\n' ' ' <err | grep -q 'skipped, for they show the whole market' &&
    refused 1 'it shows the whole market, not homes of kind terrace alone, as these do: users, gains' figures one.h5 -d all --only trades --where kind=terrace
ok 'figures of the whole market are left out, and refused where they are asked for'
refused 2 "no home has kind=frm (did you mean 'farm'?); there are farm, flat, mill, terrace" compare sweep.h5 --where kind=frm &&
    refused 2 'no home has strategy=aa' compare sweep.h5 --where strategy=aa &&
    refused 2 "'price_mean' is of the whole market, not of some homes: of those there are" compare sweep.h5 --where kind=farm --columns price_mean &&
    refused 2 "homes have no column 'saving/price_mean'" compare sweep.h5 --where kind=farm --columns saving/price_mean &&
    refused 2 "'price_mean' is of the whole market" figures sweep.h5 -d all --only map --where kind=farm --y price_mean
ok 'misspelt kinds and columns that homes do not have are refused, with those that there are'
gridbourse compare sweep.h5 --where kind=farm --columns saving,bought_wh --csv >out 2>err &&
    [ "$(awk -F, 'NR > 1 {print $4 "," $5}' out | sort -u | tr '\n' ' ')" = 'homes,bought_wh homes,saving ' ]
ok 'columns asked for of some homes are rows alone, as they are in the table'
run run "$srcdir/experiments/paper.yaml" -o paper.h5 --quiet &&
    refused 2 'the result has no kinds of households: `households` of a scenario names them' compare paper.h5 --where kind=farm &&
    refused 2 'the result holds no users, who have strategies' compare few.h5 --where strategy=zip &&
    sed '/strategy: zip/d' village.yaml >alike.yaml && run run alike.yaml -o alike.h5 --quiet &&
    refused 2 'the result has no strategies of users' compare alike.h5 --where strategy=paper_beta &&
    refused 2 'the result has no strategies of users' compare alike.h5 --where strategy=none &&
    refused 2 'no cell shown has homes of kind farm' compare sweep.h5 --where kind=farm,households.farm.count=0 &&
    refused 2 '--against households.farm.count=0: the reference has no homes of kind farm' \
        compare sweep.h5 --where kind=farm --against households.farm.count=0 &&
    refused 2 "'kind=farm' names homes, and cells are compared with a cell" compare sweep.h5 --against kind=farm
ok 'results and cells without such homes say so'
echo "1..$n"
exit $failed
