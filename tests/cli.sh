#!/bin/sh
# The command line as a person meets it: help, suggestions, init, list, explain, run, sweep.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"

# ends CODE ARGUMENT...: gridbourse ends with CODE; its output stands in out and err
ends() {
    code=$1
    shift
    gridbourse "$@" >out 2>err </dev/null
    [ $? -eq "$code" ]
}

# holder PROCESS: how it is named, where the system tells
holder() {
    if [ -r /proc/locks ]; then echo "'.*' (process $1)"; else echo 'another program'; fi
}

cat >small.yaml <<'EOF'
format: 1
slots: 8
start_date: 2023-06-01
slot: 2 h
market.open: 1 h
meters.count: 10
EOF
cat >sweep.yaml <<'EOF'
format: 1
scenario: small.yaml
set: {output.level: summary}
vary:
  market.beta: 0:0.4:0.2
  chain.protocol: [pbft, ideal]
replications: 2
EOF
cat >wrong.yaml <<'EOF'
format: 1
scenario: small.yaml
set: {output.level: full}
vary:
  market.beta: [0.1, 0.10, 2]
  meter.count: 3
  market.open: 1:0:1
  replication: [1]
  seed: [1, 2]
replicatons: 3
EOF
cat >wrong.expected <<'EOF'
wrong.yaml:3:21: output.level: expected one of summary, market, meters; got 'full'
wrong.yaml:5:22: market.beta: the value 0.1 stands here twice
wrong.yaml:5:28: market.beta: expected a number from 0 to 1 with at most 6 decimals, got '2'
wrong.yaml:6:3: unknown key 'meter.count' (did you mean 'meters.count'?)
wrong.yaml:7:16: market.open: expected a range like `5 min:30 min:5 min` or `1 s:100 s:*10`, got '1:0:1'
wrong.yaml:8:3: 'replication' cannot be varied; `replications: N` repeats every cell with draws of its own
wrong.yaml:9:3: 'seed' cannot be varied; `replications: N` repeats every cell with draws of its own
wrong.yaml:10:1: unknown key 'replicatons' (did you mean 'replications'?)
gridbourse: wrong.yaml: 8 mistakes
EOF

echo 1..63
ends 2 && grep -q '^usage: gridbourse COMMAND' err && grep -q '^  sweep ' err
ok 'without arguments the commands are listed and the exit code is 2'

ends 0 --help && grep -q '^  run ' out && ends 0 help && grep -q '^  run ' out
ok 'help lists the commands and is no mistake'
! grep -q village.yaml out && grep -q 'gridbourse init FILE.yaml' out && grep -q 'gridbourse run FILE.yaml' out
ok 'and ends with first steps that name no file which may be there already'

ends 0 help help && grep -q '^  run ' out && ends 2 --chekc && grep -q "unknown option '--chekc'" err
ok 'help has no page of its own, and an option is no command'

all=0
for command in $(gridbourse help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    ends 0 help "$command" && grep -q "^usage: gridbourse $command" out &&
        ends 0 "$command" --help && grep -q "^usage: gridbourse $command" out || { all=1; break; }
done
[ $all -eq 0 ]
ok 'every command explains itself'

ends 2 rnu && grep -q "unknown command 'rnu' (did you mean 'run'?)" err
ok 'a misspelt command gets a suggestion'

ends 2 run small.yaml --chekc && grep -q "unknown option '--chekc' (did you mean '--check'?)" err
ok 'a misspelt option gets a suggestion'

ends 2 run small.yaml --threads 0 &&
    grep -q "'--threads' expects a whole number from 1 to 1024" err &&
    ends 2 run small.yaml --seed x && ends 2 run small.yaml -o && ends 2 run && ends 2 sweep
ok 'options are checked'

ends 0 init && cp out printed && ends 0 init written.yaml && cmp -s printed written.yaml &&
    ends 0 run --check written.yaml
ok 'init writes a scenario that is good as it is'

ends 2 init written.yaml && grep -q 'is there already' err && cmp -s printed written.yaml
ok 'init replaces no file'

ends 0 list && grep -q '^  two_round ' out && grep -q '^  paper_beta ' out && grep -q '^  fisco3 ' out
ok 'list names the interchangeable parts'

# page NAME ARGUMENT...: doc/NAME is what gridbourse prints, else how to make it anew is shown
page() {
    page=$1
    shift
    ends 0 "$@" && mv out printed && diff printed "$srcdir/doc/$page" >out ||
        { echo "print it anew: gridbourse $* >doc/$page" >err && false; }
}
page scenario.md list keys --markdown
ok 'doc/scenario.md is what `gridbourse list keys --markdown` prints'

ends 0 sweep --check -q "$srcdir/experiments/consensus-cost.yaml" && grep -q ': good: 15840 trials of a pilot in 528 cells, at most 528000 in all' out &&
    ends 0 sweep --check "$srcdir/experiments/consensus-cost.yaml" --set slots=2 --set chain.crypto=modelled && grep -q 'MB of journal,$' out
ok 'the shipped sweep of cases is good, and --check tells what it would cost'

sed 's/\[4, 16, 64\]/[4, 7]/; s/20 ms:500 ms:80 ms/20 ms:100 ms:80 ms/; s/10:1000:\*10/[4]/; s/max: 1000/max: 31/' \
    "$srcdir/experiments/consensus-cost.yaml" >cost.yaml && cp "$srcdir/experiments/village.yaml" . &&
    sed -i '/^  crypto:/d; s/count: 36/count: 4/' village.yaml
ends 0 sweep cost.yaml -q --set slots=4 --set slot='1 h' -o cost.h5 &&
    ends 0 compare cost.h5 --against case=ideal --columns saving && grep -q 'Averaged over start_date' out &&
    grep -q 'for a half$\|half width' out
ok 'the shipped sweep runs at a reduced size, to a comparison with its reference'

printf 'format: 1\nscenario: small.yaml\nvary: {chain.protocol: [ideal, pbft], chain.nodes: [4, 7]}\n' >equal.yaml
ends 0 sweep equal.yaml -o equal.h5 && grep -q '3 of 3 trials' out && grep -q '1 cell differs from another' err &&
    ends 0 compare equal.h5 --csv && [ "$(grep -c '^ideal,-,' out)" -gt 0 ] && [ "$(grep -c '^ideal,4,' out)" -eq 0 ]
ok 'cells that are the same run once, and it is said'

printf 'format: 1\nscenario: small.yaml\nset: {output.level: market}\ncases: [{name: one, set: {market.books: pooled}}, {name: four, set: {market.books: by_source}}]\n' >cases.yaml
ends 0 sweep cases.yaml -q -o cases.h5 && ends 0 book cases.h5 --trial 1 --slot 4 && ends 0 compare cases.h5 &&
    grep -q "one" out && grep -q "four" out
ok 'a trial of a case is put together again from its result'

page sweep.md list sweep --markdown
ok 'doc/sweep.md is what `gridbourse list sweep --markdown` prints'

ends 0 init scenario.yaml && ends 0 init --sweep template.yaml && ends 0 sweep --check template.yaml &&
    grep -q ': good: 144 trials in 72 cells' out
ok 'init --sweep writes a sweep that is good beside a scenario of init'

for word in $(gridbourse list sweep | awk '/^  [a-z]/ { print $1 }'); do
    ends 0 explain "$word" && grep -q '^  takes ' out && grep -q "^\.B $word\$" "$srcdir/man/gridbourse.1" ||
        echo "$word"
done >strange
[ ! -s strange ] && ends 0 explain vary && grep -q '^  example  vary:' out
ok 'explain and the manual know every word of a sweep file'

ends 0 explain chain.delay && grep -q 'constant 20 ms:500 ms:80 ms' out && ends 0 explain slot replication seed &&
    [ "$(grep -c '^  varies' out)" -eq 1 ]
ok 'explain says how a key is varied'

ends 2 list strategeis && grep -q "did you mean 'strategies'" err
ok 'a misspelt list gets a suggestion'

ends 0 explain slot && ! grep -q unit out && ends 0 explain market.beta && grep -q 'default  0.1' out && ends 0 explain imbalance &&
    grep -q '^imbalance.long' out
ok 'explain says what a key and what a section is'

ends 2 explain market.betta && grep -q "did you mean 'market.beta'" err && ends 2 explain
ok 'explain suggests the key that was meant'

ends 0 run --check small.yaml && grep -q '10 meters, 8 slots' out && [ ! -e small.h5 ] &&
    ends 0 run --check small.yaml --set meters.count=1 --set slots=1 && grep -q '1 meter, 1 slot$' out
ok '--check runs nothing'

ends 0 run small.yaml && [ -s small.h5 ] && grep -q 'instead of' out && [ ! -s err ]
ok 'run writes the result named after the scenario and compares with the grid in words'

[ ! -e small.h5.part ] && [ ! -e small.h5.journal ]
ok 'nothing but the result stays behind'

cp small.h5 first.h5
ends 0 run small.yaml --quiet && [ ! -s out ] && [ ! -s err ] && cmp small.h5 first.h5 >out 2>&1
ok '--quiet is quiet, and the same run gives the same bytes'

# threads share the work of a slot from 2^17 meters on: the smallest run that has more than one
crowd='--set meters.count=131073 --set slots=1 --set market.mechanism=grid_only
    --set chain.protocol=ideal --set output.level=summary'
# shellcheck disable=SC2086
gridbourse run small.yaml -q $crowd -o one.h5 --threads 1 && gridbourse run small.yaml -q $crowd -o two.h5 --threads 2 &&
    cmp one.h5 two.h5 >out 2>&1
ok 'a result has the same bytes with one thread and with two'
cp first.h5 one.h5

ends 0 run small.yaml -q --seed 7 -o seven.h5 && ends 0 run small.yaml -q --set seed=7 -o set.h5 &&
    cmp seven.h5 set.h5 >out 2>&1 && ! cmp -s seven.h5 one.h5
ok '--seed and --set seed= are the same, and another seed is another result'

ends 0 run --check "$srcdir/experiments/paper.yaml" &&
    ends 0 run --check "$srcdir/experiments/village.yaml" &&
    ends 0 sweep --check "$srcdir/experiments/beta-sweep.yaml" && grep -q '1260 trials' out
ok 'the experiments are good scenarios, reached from any folder'

ends 0 sweep sweep.yaml --threads 1 -o s1.h5 && grep -q '12 of 12 trials' out &&
    ends 0 sweep sweep.yaml --threads 2 -o s2.h5 --quiet && cmp s1.h5 s2.h5 >out 2>&1
ok 'a sweep has the same bytes with one thread and with two'

ends 2 sweep small.yaml && grep -q 'gridbourse run' err &&
    ends 2 run sweep.yaml && grep -q 'gridbourse sweep' err
ok 'a scenario is told from a sweep'

printf 'id,side,price,quantity\nS1,sell,0.41,2\nB1,buy,0.53,4\n' >"t, 1.csv"
printf 'format: 1\nscenario: small.yaml\nset: {market.books: pooled, slots: 1, output.level: market}\nvary:\n  orders.file: ["t, 1.csv"]\n  market.gate: [5 min, 65 min]\n  market.open: [70 min, 80 min]\n' >tables.yaml
ends 0 sweep tables.yaml -q -o tables.h5 && rm "t, 1.csv" && ends 0 book tables.h5 --trial 3 --slot 0 &&
    grep -q '^S1,sell,0.41,2,' out
ok 'the market of a trial is known when its table of orders is gone'

printf 'id,side,price,quantity\nS1,sell,0.41,2\nB1,buy,0.53,4\n' | tee ./1 >./01
printf 'format: 1\nscenario: small.yaml\nset: {market.books: pooled, slots: 1}\nvary: {orders.file: ["1", "01"]}\n' >named.yaml
ends 0 sweep named.yaml -q -o named.h5 && ends 0 compare --csv named.h5 && grep -q '^1,' out && grep -q '^01,' out
ok 'values that are texts stay the texts they are'

ends 0 init fresh.yaml && ends 0 run fresh.yaml --set slots=1 -o fresh.h5 && ! grep -q '^  set' out &&
    ends 0 run small.yaml --set forecast.skill=0.8 --set market.beta=0.10 -o skilled.h5 &&
    grep -q '^  set        slot 2 h (default 15 min), .*forecast.skill 0.8 (0)' out && ! grep -q 'market.beta' out &&
    ends 0 compare skilled.h5 && grep -q '^Set: slot 2 h (default 15 min), .*forecast.skill 0.8 (0)' out
ok 'a run and its comparison name the keys away from their defaults, and those alone'
{ cat small.yaml && printf 'forecast.skill: 0.8\nagents: {strategy: fixed_shade, shade: 0.02}\n'; } >shaded.yaml
printf 'format: 1\nscenario: shaded.yaml\nset: {slots: 1}\nvary: {agents.strategy: [truthful, zi_c], market.open: [1 h, 2 h]}\n' >shared.yaml
ends 0 sweep shared.yaml -q -o shared.h5 && ends 0 compare shared.h5 &&
    grep -q '^Set: slot 2 h (default 15 min), meters.count 10 (30), forecast.skill 0.8 (0)$' out
ok 'the comparison of a sweep names those that all its trials share'

ends 0 list strategies && grep -q '^  zi_c .*one quote a slot' out
ok 'zi_c says that it draws once a slot'

ends 2 sweep sweep.yaml --set market.beta=0.3 &&
    grep -q 'sweep.yaml:5:3: market.beta is varied here and fixed by --set' err
ok 'a varied key cannot be fixed as well'

ends 2 sweep wrong.yaml && cmp -s err wrong.expected
ok 'every mistake of a sweep is told at once with its place'

printf 'format: 1\nscenario: small.yaml\nvary:\n  market.gate: [1 min, 10 min]\n  market.open: [5 min, 20 min]\n' >cells.yaml
ends 2 sweep cells.yaml &&
    grep -q '^cells.yaml:4:3: cell 2: market.gate=10 min: market.gate: the gate closes' err
ok 'cells whose keys contradict each other are found before anything runs'

# begun FILE PID [BYTES]: waits until the process, while it is there, has written more than so many bytes
begun() {
    while kill -0 "$2" 2>/dev/null; do
        [ -e "$1" ] && [ "$(wc -c <"$1")" -gt "${3:-0}" ] && break
        sleep 0.05
    done
}
# a run long enough that the signal surely comes while it is under way
gridbourse run small.yaml --set days=30000 --set slots=0 --set output.level=summary -o long.h5 >out 2>err &
pid=$!
begun long.h5.part $pid
kill -TERM $pid
wait $pid
[ $? -eq 130 ] && grep -q 'interrupted' err && [ -z "$(ls long.h5* 2>/dev/null)" ]
ok 'a signal ends a run cleanly and leaves nothing half written'

ends 0 run small.yaml -o one.h5 --ledger modelled.ledger && grep -q 'modelled and prove nothing' out &&
    ends 0 run small.yaml -o one.h5 --ledger real.ledger --set chain.crypto=real &&
    ! grep -q 'prove nothing' out && ends 0 ledger verify real.ledger
ok 'run says whether its ledger proves anything'

# timeout tells the process and its group, as batch systems do: one wish that arrives twice
all=0
for signal in HUP INT TERM; do
    timeout -s $signal 60 gridbourse run small.yaml --set days=30000 --set slots=0 \
        --set output.level=summary -o long.h5 --set chain.crypto=real --ledger long.ledger >out 2>err &
    pid=$!
    begun long.ledger.part $pid
    kill -ALRM $pid # its time is over
    wait $pid
    grep -q 'interrupted' err && [ -z "$(ls long.* 2>/dev/null)" ] || { all=1; break; }
done
[ $all -eq 0 ]
ok 'nor does a hangup, or a signal that comes twice at once'

gridbourse run small.yaml --set days=30000 --set slots=0 --set output.level=summary -o long.h5 \
    --ledger held.ledger >out 2>err &
pid=$!
begun held.ledger.part $pid
ends 1 run small.yaml -o other.h5 --ledger held.ledger &&
    grep -q "'held.ledger' is being written by $(holder $pid)" err && [ -s held.ledger.part ]
ok 'two runs never write one ledger'
ends 1 run small.yaml -o long.h5 && grep -q "'long.h5' is being written by $(holder $pid)" err &&
    [ -e long.h5.part ] && [ ! -e long.h5 ]
ok 'nor one result'
ends 1 sweep sweep.yaml -o long.h5 && grep -q "'long.h5' is being written by a run, $(holder $pid)" err &&
    [ -e long.h5.part ] && [ ! -e long.h5.journal ]
ok 'nor do a run and a sweep'
kill -TERM $pid
wait $pid
printf 'format: 1\nscenario: small.yaml\nreplications: 100000\nvary: {}\n' >long.yaml
gridbourse sweep long.yaml -q -o long.h5 >out 2>err &
pid=$!
begun long.h5.journal $pid
ends 1 run small.yaml -o long.h5 && grep -q "'long.h5' is being written by a sweep, $(holder $pid)" err &&
    [ ! -e long.h5.part ] && kill -9 $pid && ! wait $pid 2>/dev/null &&
    ends 0 run small.yaml -q -o long.h5 && [ -s long.h5 ] && [ ! -e long.h5.part ]
ok 'and a sweep that is killed keeps no run from its place'
rm -f long.*

sed 's/replications: 2/replications: 100000/; s/vary:/vary: {market.beta: [0.1]}/; /^  /d' sweep.yaml >endless.yaml
gridbourse sweep endless.yaml -o endless.h5 >out 2>err &
pid=$!
begun endless.h5.journal $pid 50000
kill -TERM $pid
wait $pid
[ $? -eq 130 ] && grep -q 'trials were finished and are in endless.h5' err && [ -s endless.h5 ] &&
    [ -s endless.h5.journal ] && [ ! -e endless.h5.part ]
ok 'a signal ends a sweep with the result of what was finished'

ends 0 compare endless.h5
ok 'and that result can be compared'

# expect NAME IS WANTED
expect() { [ "$2" = "$3" ]; ok "$1"; }
# notes ARGUMENT...: how often run or sweep says that the local time is not the sun's
notes() { gridbourse "$@" 2>&1 >out | grep -c 'note: site.utc_offset .* contradicts site.longitude'; }
expect 'a clock far off the sun of its site is noted' \
    "$(notes run small.yaml --check --set site.longitude=-105)" 1
grep -q 'small.yaml: good' out
ok 'and refuses nothing'
expect 'so it is before a run' "$(notes run small.yaml -o noted.h5 --set site.utc_offset=-4)" 1
expect 'and before a sweep' "$(notes sweep sweep.yaml --check --set site.utc_offset=-4)" 1
expect 'three hours off are a law of some country' "$(notes run small.yaml --check --set site.utc_offset=10.9)" 0
expect 'three hours are counted across the date line' \
    "$(notes run small.yaml --check --set site.utc_offset=12 --set site.longitude=-176)" 0
gridbourse run small.yaml --check --set site.time_zone=UTC0 --set site.longitude=-105 2>err >out
grep -q 'note: site.time_zone UTC0 contradicts site.longitude -105' err
ok 'a zone is named as the scenario names it'
expect 'and a quiet run says nothing' "$(notes run small.yaml -o noted.h5 --quiet --set site.utc_offset=-4)" 0
expect 'where the weather is not modelled there is no sun' \
    "$(notes run "$srcdir/experiments/paper.yaml" --check --set site.utc_offset=-4)" 0

expect 'a cause of all that was refused is not counted twice, and names the key that makes it' \
    "$(gridbourse run small.yaml -o poor.h5 --set agents.balance=0 | grep -cE \
        '^    refused  [0-9]+ orders?: underfunded, beyond agents.balance$')" 1

# on_terminal COMMAND: runs it on a terminal of its own; what it showed stands in shown, without returns
on_terminal() { TERM=xterm script -qec "$1" typescript </dev/null 2>err | tr -d '\r' >shown; }
escape=$(printf '\033')
if on_terminal 'test -t 2 && echo yes' && grep -q yes shown; then
    on_terminal 'NO_COLOR= gridbourse rnu' && grep -q "$escape\[1;31mgridbourse: $escape\[0munknown" shown &&
        on_terminal 'NO_COLOR=1 gridbourse rnu' && grep -q '^gridbourse: unknown' shown &&
        ! grep -q "$escape" shown && on_terminal 'TERM=dumb gridbourse rnu' && ! grep -q "$escape" shown
    ok 'a terminal shows the word that marks an error in colour, unless NO_COLOR or a dumb one forbids it'
    on_terminal 'NO_COLOR=1 timeout 1 gridbourse run small.yaml --set slots=0 --set days=30000 \
        --set output.level=summary -o long.h5'
    grep -q "$escape\[K[0-9]* of 360000 slots" shown && ! grep -q "$escape\[[0-9;]*m" shown
    ok 'without colours there is still a line of progress'
    on_terminal 'stty cols 40; timeout 1 gridbourse run small.yaml --set slots=0 --set days=30000 \
        --set output.level=summary -o long.h5'
    tr '\033' '\n' <shown | grep -q '^\[K[0-9]* of 360000, .* left' &&
        ! tr '\033' '\n' <shown | grep -qE '^\[K.{40}'
    ok 'which does not wrap on a narrow one'
else
    skip 'a terminal shows the word that marks an error in colour' 'script(1) opens no terminal here'
    skip 'without colours there is still a line of progress' 'script(1) opens no terminal here'
    skip 'which does not wrap on a narrow one' 'script(1) opens no terminal here'
fi

if [ -w /dev/full ]; then
    gridbourse init >/dev/full 2>err
    [ $? -eq 1 ] && grep -q 'cannot write the output' err
    ok 'output that does not arrive is an error'
else
    skip 'output that does not arrive is an error' 'there is no /dev/full'
fi
exit $failed
