#!/bin/sh
# Bad input gets every error in words with its place, exit code 2 (1 where writing fails), and leaves
# nothing half written.
work=$(mktemp -d) || exit 99
trap 'cd /; umount "$work/disk" 2>/dev/null; rm -rf "$work"' EXIT
mkdir "$work/here" && cd "$work/here" || exit 99
. "$srcdir/tests/tap.sh"

# refuses CODE SENTENCE ARGUMENT...: gridbourse ends with CODE, says SENTENCE on stderr, nothing on
# stdout, and leaves no file behind
refuses() {
    code=$1 sentence=$2
    shift 2
    ls -a >../before
    gridbourse "$@" >../out 2>../err </dev/null
    status=$?
    ls -a >../after
    [ $status -eq "$code" ] && grep -qF -- "$sentence" ../err && [ ! -s ../out ] &&
        cmp -s ../before ../after
}

cat >small.yaml <<'EOF'
format: 1
slots: 4
slot: 2 h
market.open: 1 h
meters.count: 6
EOF
rude=$(printf 'a\033[2J\nb.yaml')
printf 'format: 1\nscenario: small.yaml\nvary: {market.beta: [0.1, 0.2]}\nreplications: 30\n' >sweep.yaml
cat >many.yaml <<'EOF'
format: 1
sed: 3
days: -1
slot: 15
meters:
  count: many
  prosumer_share: 1.5
market:
  mechanism: two_rounds
  beta: nan
  beta: 0.2
chain: {nodes: 99999999999999999999, delay: normal 3 ms}
tariff: [0.59, 0.31]
EOF
cat >../expected <<'EOF'
many.yaml:2:1: unknown key 'sed' (did you mean 'seed'?)
many.yaml:3:7: days: expected a whole number from 1 to 36500, got '-1'
many.yaml:4:7: slot: expected a duration
many.yaml:6:10: meters.count: expected a whole number
many.yaml:7:19: meters.prosumer_share: expected a number from 0 to 1, got '1.5'
many.yaml:9:14: market.mechanism: expected one of two_round, continuous, uniform, pay_as_bid, mid_market_rate, mcafee, huang, grid_only; got 'two_rounds' (did you mean 'two_round'?)
many.yaml:10:9: market.beta: expected a number from 0 to 1 with at most 6 decimals, got 'nan'
many.yaml:11:3: 'market.beta' stands here a second time (line 10 has it already)
many.yaml:12:16: chain.nodes: expected a whole number from 1 to 1024, got '99999999999999999999'
many.yaml:12:45: chain.delay: expected a delay like `normal 100 ms 20 ms`
many.yaml:13:1: 'tariff' is a section: its keys stand below it
gridbourse: many.yaml: 11 mistakes
EOF

# every line of ../expected stands in ../err, which has no others
says_all() {
    [ "$(wc -l <../err)" -eq "$(wc -l <../expected)" ] || return 1
    while IFS= read -r line; do
        grep -qF -- "$line" ../err || return 1
    done <../expected
}

echo 1..52
refuses 2 "cannot open 'a\x1b[2J\x0ab.yaml': " run "$rude"
ok 'a file name of control characters is no order to the terminal'
refuses 2 'many.yaml: 11 mistakes' run many.yaml && says_all
ok 'eleven different mistakes are told at once, each with its place'

refuses 2 'agents.requote.no_trade: best_opposite needs market.information: book' run small.yaml --check \
    --set market.mechanism=continuous --set agents.requote.no_trade=best_opposite &&
    gridbourse run small.yaml --check --quiet --set market.mechanism=continuous \
        --set agents.requote.no_trade=best_opposite --set market.information=book >../out 2>../err
ok 'whoever would go towards quotes that nobody shows is told so'
refuses 2 "cannot open 'nowhere.yaml': No such file" run nowhere.yaml
ok 'a missing scenario is named'
refuses 2 'it is a folder' run .
ok 'a folder is no scenario'
: >empty.yaml
refuses 2 'empty.yaml:1:1: the file is empty' run empty.yaml
ok 'an empty file is no scenario'
head -c 4096 "$(command -v sh)" >binary.yaml
refuses 2 'binary.yaml:1:' run binary.yaml && [ "$(wc -l <../err)" -eq 2 ]
ok 'a binary file is one mistake'
printf 'format: 1\nseed: "\\0"\nagents: {{{\n' >broken.yaml
refuses 2 'broken.yaml:2:7: a text with a NUL' run broken.yaml && grep -q 'broken.yaml:4:' ../err
ok 'broken YAML is told with what could be read before it'
{
    echo 'format: 1'
    i=0
    while [ $i -lt 200 ]; do
        printf '%*sa:\n' $i ''
        i=$((i + 1))
    done
} >deep.yaml
refuses 2 'nested too deeply' run deep.yaml
ok 'sections without end are refused'
# root reads everything: as root this is tried as nobody
if [ "$(id -u)" -eq 0 ]; then
    nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
    chmod 755 "$work" "$work/here"
else
    nobody=
fi
cp small.yaml closed.yaml && chmod 0 closed.yaml
if $nobody gridbourse --version >/dev/null 2>&1; then
    $nobody gridbourse run closed.yaml >../out 2>../err </dev/null
    [ $? -eq 2 ] && grep -qF "cannot open 'closed.yaml': Permission denied" ../err && [ ! -s ../out ]
    ok 'an unreadable scenario is named'
    mkdir -m 777 theirs && cp small.yaml theirs && echo mine >theirs/closed.h5 && chmod 0 theirs/closed.h5
    $nobody gridbourse run theirs/small.yaml -o theirs/closed.h5 >../out 2>../err </dev/null
    [ $? -eq 1 ] && grep -qF "cannot read 'theirs/closed.h5', which stands where the result goes: Permission denied" ../err
    ok 'so is an unreadable file where the result goes, which stays'
else
    skip 'so is an unreadable file where the result goes, which stays' 'root reads everything'
    skip 'an unreadable scenario is named' 'root reads everything, and nobody cannot run the program here'
fi

refuses 2 'meters.count: expected a whole number from 1 to' run small.yaml --set meters.count=99999999999
ok 'a number beyond its range is refused in a setting too'
all=0
while IFS='|' read -r value hint; do
    printf 'format: 1\nslots: 4\ndays: %s\n' "$value" >odd.yaml
    refuses 2 "odd.yaml:3:7: days: expected a whole number from 1 to 36500, got '$value': $hint" run odd.yaml &&
        refuses 2 "--set days=$value: days: expected a whole number from 1 to 36500, got '$value': $hint" \
            run small.yaml --set "days=$value" || { all=1; break; }
done <<'EOF'
010|10 to some readers and 8, in octal, to others: write 10 or 8
1_000|1000 to some readers and no number to others: write 1000
12:30|750 to readers that count in sixties and a time of day to others: write one number
yes|a truth value to some readers and a word to others, no number
1,000|1000 with a mark of thousands and 1.000 with a decimal comma: write one of them
EOF
[ $all -eq 0 ]
ok 'what is one number to some readers and another to others is refused with both'
refuses 2 "pv.size: expected a number from 0.001 to 1000000, in kW, got '8 MW'" run small.yaml --set 'pv.size=8 MW' &&
    refuses 2 "got '50 %': a share of 1, not of 100: write 0.5" run small.yaml --set 'meters.prosumer_share=50 %' &&
    printf 'format: 1\nslots: 1\npv: {size: 8 kW, losses: 14 %%}\ntariff.retail: 0.59 currency/kWh\nsite.latitude: 32.06\302\240\302\260\n' >units.yaml &&
    gridbourse run units.yaml --check >../out 2>../err
ok 'a unit is read where the row has it, and named where it has not'
refuses 2 'more money than 64 bits count' run small.yaml --set meters.count=9999999 --set slots=0 \
    --set days=3000 &&
    refuses 2 'more money than 64 bits count' run small.yaml --set slots=0 --set days=3000 --set meters.count=1000 \
        --set tariff.network_fee=1000 --set tariff.levies=1000 --set market.fee=1000
ok 'a run whose money would not fit 64 bits is refused'
refuses 2 "unknown key 'market.betta' (did you mean 'market.beta'?)" run small.yaml --set market.betta=1
ok 'a misspelt setting gets a suggestion'
printf 'format: 1\nslots: x\nmarket.beta: 3\n' >wrong.yaml
printf 'format: 1\nscenario: small.yaml\nvary: {market.beta: [7]}\n' >wrong_vary.yaml
printf 'format: 1\nscenario: small.yaml\nset: {market.gate: 2 h}\nvary: {market.beta: [0.1]}\n' >wrong_set.yaml
refuses 2 'gridbourse: --set: 1 mistake' run small.yaml --set market.betta=1 &&
    refuses 2 'gridbourse: wrong.yaml: 2 mistakes, --set: 1 mistake' run wrong.yaml --set market.betta=1 &&
    refuses 2 "--set market.betta=1: unknown key 'market.betta'" sweep sweep.yaml --set market.betta=1 &&
    refuses 2 'gridbourse: --set: 1 mistake' sweep sweep.yaml --set market.betta=1 &&
    refuses 2 'gridbourse: --set: 1 mistake' sweep sweep.yaml --set market.beta=0.3 &&
    refuses 2 'gridbourse: wrong_vary.yaml: 1 mistake, --set: 2 mistakes' sweep wrong_vary.yaml --set market.betta=1 --set market.k=010 &&
    grep -qF "set market.betta=1: unknown key 'market.betta' (did you mean 'market.beta'?)" ../err &&
    grep -qF "set market.k=010: market.k: expected a number from 0 to 1" ../err &&
    refuses 2 'wrong_set.yaml:3:20: market.gate: the gate closes 2 h' sweep wrong_set.yaml &&
    refuses 2 'gridbourse: wrong_set.yaml: 1 mistake' sweep wrong_set.yaml
ok 'mistakes are counted for the file or the option that they are in'
printf 'format: 1\ntariff: {retail: 0,59, feed_in: 0,31}\n' >comma.yaml
printf 'format: 1\nscenario: small.yaml\nset: {tariff.retail: 0,59}\nvary: {market.k: [0,1, 0,2]}\n' >commas.yaml
refuses 2 "comma.yaml:2:18: tariff.retail: expected a decimal point, got '0,59': inside {} a comma ends the value; write 0.59" run comma.yaml &&
    grep -q '2 mistakes' ../err && refuses 2 "commas.yaml:3:22: set.tariff.retail: expected a decimal point, got '0,59'" sweep commas.yaml &&
    grep -q 'market.k: the value 0 stands here twice (commas part the values of a list' ../err
ok 'a decimal comma inside {} or [] is told as one'
printf 'meters:\n\tcount: 4\n' >tab.yaml
printf 'format: 1\nmeters:\n  count: 4\n  \tstorage_share: 0\n' >tabs.yaml
refuses 2 'tab.yaml:2:1: a tab stands here among the blanks' run tab.yaml &&
    refuses 2 'tabs.yaml:4:3: a tab stands here among the blanks' run tabs.yaml
ok 'a tab that indents is named'

refuses 1 'there is no folder' run small.yaml -o nowhere/out.h5
ok 'a result needs its folder'
refuses 2 'is no regular file' run small.yaml -o /dev/full
ok 'a device is no place for a result'
echo precious >notes.h5
printf 'id,side,price,quantity\nA,sell,0.40,1\nB,buy,0.50,1\n' | tee book.csv >../book
printf 'format: 1\norders.file: book.csv\nmarket.books: pooled\n' >sent.yaml
printf 'format: 1\nscenario: small.yaml\nset: {output.level: summary}\nvary: {market.beta: [0.1, 0.2]}\n' >two.yaml
gridbourse run small.yaml -q -o good.h5
refuses 2 "'notes.h5' is no result of this program and stays as it is" run small.yaml -o notes.h5 &&
    [ "$(cat notes.h5)" = precious ]
ok 'a file that is not ours is not replaced'
printf 'id,side,price,quantity\nA,sell,"0,40",010\n' >odd.csv
refuses 2 "got '010': 10 to some readers and 8" run small.yaml --seed 010 &&
    refuses 2 "got '010': 10 to some readers and 8" sweep two.yaml --threads 010 &&
    refuses 2 "got '1_0': 10 to some readers" book good.h5 --slot 1_0 &&
    refuses 2 "odd.csv:2:8: price: expected a price in currency per kWh as a plain decimal, got '0,40': a decimal comma: write 0.40" clear odd.csv &&
    refuses 2 "odd.csv:2:15: quantity: expected a quantity in kWh as a plain decimal, got '010': 10 to some readers and 8" clear odd.csv
ok 'numbers are read alike in options and tables'
refuses 2 "'notes.h5' is no ledger of this program and stays as it is" run small.yaml \
    --ledger notes.h5 && [ "$(cat notes.h5)" = precious ]
ok 'not by a ledger either'
refuses 2 "'notes.h5' is no table of trades of this program" clear book.csv -o notes.h5 &&
    refuses 2 'book.csv' clear book.csv -o book.csv && [ "$(cat book.csv)" = "$(cat ../book)" ] &&
    refuses 2 "'small.yaml' is no book of this program" book good.h5 --slot 1 -o small.yaml &&
    refuses 2 "good.h5" book good.h5 --slot 1 -o good.h5 && gridbourse compare good.h5 >/dev/null
ok 'nor by a book or by trades'
gridbourse clear book.csv -o ../trades.csv && gridbourse clear book.csv -o ../trades.csv &&
    gridbourse book good.h5 --slot 1 -o ../b.csv && gridbourse book good.h5 --slot 1 -o ../b.csv
ok 'but what the same command wrote is'
all=0
for name in new.h5.part new.h5.journal new.ledger.part; do
    cp notes.h5 $name
    refuses 2 "'$name' is no" run small.yaml -o new.h5 --ledger new.ledger &&
        [ "$(cat $name)" = precious ] || { all=1; break; }
    rm $name
done
[ $all -eq 0 ]
ok 'names that a run needs on the way are not taken from others either'
cp notes.h5 trades.csv.part
refuses 2 "'trades.csv.part' is no" clear book.csv -o trades.csv && [ "$(cat trades.csv.part)" = precious ]
ok 'nor those of a table of trades'
rm trades.csv.part

refuses 2 'are the same file' run small.yaml --ledger small.h5 &&
    refuses 2 'are the same file' run small.yaml -o x.h5 --ledger ../here/x.h5 &&
    refuses 2 'are the same file' run small.yaml -o x.h5 --ledger x.h5.journal &&
    refuses 2 'are the same file' run small.yaml -o x.h5 --ledger x.h5.part &&
    refuses 2 'are the same file' run small.yaml -o x.part --ledger x &&
    refuses 2 'the scenario' run small.yaml -o ./small.yaml &&
    refuses 2 'orders.file' run sent.yaml --ledger book.csv &&
    refuses 2 'the sweep' sweep two.yaml -o two.yaml &&
    refuses 2 'the scenario' sweep two.yaml -o small.yaml
ok 'no two files of a run are one'

refuses 1 'there is no folder' run small.yaml --check -o nowhere/out.h5 &&
    refuses 1 'there is no folder' sweep two.yaml --check -o nowhere/out.h5 &&
    refuses 2 'keeps no ledger' run small.yaml --check --ledger x --set chain.protocol=ideal &&
    refuses 2 'keeps no ledger' run small.yaml --ledger x --set chain.protocol=ideal
ok '--check refuses what would not be run'
refuses 2 'is no regular file' run small.yaml --ledger /dev/null && [ -c /dev/null ] &&
    refuses 2 'is a folder' run small.yaml --ledger ..
ok 'nor is a device a place for a ledger'

# a file may hold 8 or 16 kB: the journal of two short trials does, a result does not
(trap '' XFSZ; ulimit -f 16; gridbourse sweep two.yaml -o new.h5 >../out 2>../err)
[ $? -eq 1 ] && grep -q "2 of 2 trials were finished and are kept in 'new.h5.journal'" ../err &&
    [ -s new.h5.journal ] && [ ! -e new.h5 ] && gridbourse sweep two.yaml -q -o new.h5 --resume && [ ! -e new.h5.journal ]
ok 'a sweep whose result cannot be written keeps its finished trials'
rm -f new.h5

refuses 2 notes.h5 compare notes.h5 || [ $status -eq 1 ] && grep -q notes.h5 ../err
ok 'nor taken for a result'

mkdir ../disk
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=64k tmpfs ../disk 2>/dev/null; then
    dd if=/dev/zero of=../disk/fill bs=1k count=60 2>/dev/null
    refuses 1 ../disk/out.h5 run small.yaml -o ../disk/out.h5 && [ "$(ls ../disk)" = fill ]
    ok 'a full disk is told and nothing half written stays on it'
    refuses 1 ../disk/out.h5 sweep sweep.yaml -o ../disk/out.h5 && rm -f ../disk/out.h5.journal && [ "$(ls ../disk)" = fill ]
    ok 'nor half a sweep, but for the journal of its trials'
else
    skip 'a full disk is told and nothing half written stays on it' 'no small disk can be mounted here'
    skip 'nor half a sweep, but for the journal of its trials' 'no small disk can be mounted here'
fi

cat >orders.csv <<'EOF'
id,side,price,quantity
S1,sell,-0.4,-1
S1,buy,0.5,99999999999999999999
B1,buy,nan,2
EOF
printf 'format: 1\norders.file: orders.csv\nmarket.books: pooled\n' >orders.yaml
refuses 2 'orders.csv:2:' run orders.yaml && grep -q 'orders.csv:3:' ../err && grep -q 'orders.csv:4:' ../err
ok 'negative, huge, duplicate and NaN entries of an order table are told with their lines'
sed 's/orders.csv/nowhere.csv/' orders.yaml >lost_orders.yaml
refuses 2 "lost_orders.yaml:2:14: orders.file: cannot open 'nowhere.csv'" run lost_orders.yaml
ok 'a missing order table is told at the key that names it'

printf 'format: 1\nmarket: {open: 3 min}\n' >times.yaml
refuses 2 'times.yaml:2:16: market.gate: the gate closes 5 min before' run times.yaml
ok 'a contradiction with a default is told at the key that is given'
printf 'id,side,price,quantity\n' >none.csv
printf 'format: 1\norders: {file: none.csv}\n' >none.yaml
refuses 2 'none.csv: the table holds no order' run none.yaml &&
    printf 'format: 1\nmeters: {delivery: declared}\norders: {file: none.csv}\n' >none.yaml &&
    refuses 2 'none.csv: the table holds no order' run none.yaml
ok 'a table without an order is refused instead of taken for none'
printf '\357\273\277id,side,price,quantity\nA,buy,0.5,1\n' >marked.csv
printf 'format: 1\nslots: 1\norders: {file: marked.csv}\n' >marked.yaml
gridbourse run marked.yaml --check >../out 2>../err
ok 'a byte order mark before a table of orders is passed over'
refuses 2 '--set: 1 mistake' consensus --set chain.nodse=3 &&
    refuses 2 'format: expected the number 1, got' run small.yaml --set format=2 &&
    refuses 2 'there is no slot 4: the last one of trial 0 is 3' book good.h5 --slot 4 &&
    refuses 2 'clearing of one book does not read' clear book.csv --set chain.nodes=4 &&
    refuses 2 'clearing of one book does not read' clear book.csv --set market.open=4 &&
    refuses 2 'gridbourse list keys' clear book.csv --set nix=4
ok 'messages lead to what helps'
printf 'id;side;price;quantity\nA;buy;0,4;1\nB;sell;0,3;1\n' >german.csv
refuses 2 'german.csv:1:1: expected columns separated by commas' clear german.csv &&
    [ "$(wc -l <../err)" -eq 1 ]
ok 'a table with semicolons and decimal commas is one mistake'

printf 'format: 1\nscenario: nowhere.yaml\nvary: {market.beta: [0.1]}\n' >lost.yaml
refuses 2 "lost.yaml:2:11: cannot open 'nowhere.yaml'" sweep lost.yaml
ok 'a sweep without its scenario is told so'
printf 'format: 1\nscenario: many.yaml\nvary: {market.beta: [0.1]}\n' >bad.yaml
refuses 2 'many.yaml:6:10: meters.count' sweep bad.yaml
ok 'a sweep of a bad scenario tells the mistakes of that'
printf 'format: 1\nscenario: small.yaml\nvary: {market.beta: 0:1:0.0000001}\n' >long.yaml
refuses 2 'long.yaml:3:21: market.beta: expected a range' sweep long.yaml
ok 'a range without end is refused'
printf 'format: 1\nscenario: small.yaml\nvary: {market.beta: 0:0.99998:0.00002}\n' >fine.yaml
(ulimit -t 30; gridbourse sweep fine.yaml --check -q >../out 2>../err) && grep -q '50000 trials' ../out
ok 'a hundred thousand values are checked one by one, not each beside all others'
refuses 2 'expects a whole number from 0 to 9007199254740992' run small.yaml --seed 9007199254740993 &&
    refuses 2 'expected a whole number from 0 to 9007199254740992' run small.yaml --set seed=9007199254740993 &&
    refuses 2 'expects a whole number from 0 to 9007199254740992' consensus --seed 9007199254740993 &&
    printf 'format: 1\nslots: 1\nseed: 9007199254740993\n' >seed.yaml &&
    refuses 2 'seed.yaml:3:7: seed: expected a whole number from 0 to 9007199254740992' run seed.yaml &&
    gridbourse run small.yaml --check --seed 9007199254740992 >../out
ok 'a seed beyond 2^53 is refused wherever it is written, and 2^53 is taken'
printf 'format: 1\nmarket.beta: 0.1\n' | gridbourse run /dev/stdin --check >../out 2>../err && grep -q good ../out
ok 'a scenario may come from a pipe'
printf 'format: 1\nslots: 1\nslot: 2 h\nmarket.open: 2 h\nmeters.count: 20\ntariff.retail: 1000\nload: {mean: 20000, size_sd: 2, limit: 1000000}\n' >huge.yaml
refuses 2 'meter 6 takes more than 1152921 kWh in slot 0' run huge.yaml -o huge.h5 &&
    grep -q 'expected a smaller load.mean' ../err && ! ls huge.h5* 2>/dev/null
ok 'a load that no reading can show ends the run, with what to change'
printf 'id,side,price,quantity,slot\nA,sell,0.40,2000000,0\n' >declared.csv
printf 'format: 1\nslots: 1\ntariff.retail: 1000\nmeters.delivery: declared\norders.file: declared.csv\nmarket.books: pooled\n' >declared.yaml
refuses 2 'meter 0 gives more than 1152921 kWh in slot 0' run declared.yaml -o huge.h5 &&
    grep -q 'expected a smaller order' ../err
ok 'and so does a declared order'
{ echo id,side,price,quantity,slot; seq 1500 | sed "s|.*|&,sell,0.40,1,0|"; echo z,sell,0.40,2000000,0; } >declared.csv
echo 'meters.count: 2000' >>declared.yaml
refuses 2 'meter 1500 gives more than 1152921 kWh in slot 0' run declared.yaml -o huge.h5
ok 'of the meter whose order it is, far from the first'
for k in 0 1 2 3 4 5 6 7; do printf 'A,sell,0.40,1000000,%s\nB,buy,0.50,1000000,%s\n' $k $k; done |
    sed '1i id,side,price,quantity,slot' >declared.csv
printf 'format: 1\nslots: 8\nslot: 2 h\nmarket.open: 2 h\nseed: 2\ntariff.retail: 1000\nmeters.delivery: declared\norders.file: declared.csv\nmarket.books: pooled\nchain.client_delay: exponential 20 h\n' >declared.yaml
refuses 2 'meter 1 takes more than 1152921 kWh in slots 4 to 6, whose readings the ledger has not taken' run declared.yaml -o huge.h5 &&
    grep -q 'expected a smaller order, a shorter slot or chain.client_delay' ../err
ok 'and so do slots whose readings came in too late to be taken one by one'
exit $failed
