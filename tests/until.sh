#!/bin/sh
# `until` of a sweep: a pilot fixes one number of replications, whatever interrupts the sweep and however
# it is spread; computed anew in Python where that has h5py.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"

cat >small.yaml <<'EOF'
format: 1
slots: 6
slot: 2 h
market.open: 1 h
meters.count: 8
EOF
cat >until.yaml <<'EOF'
format: 1
scenario: small.yaml
cases:
  - {name: ideal, set: {chain.protocol: ideal}}
  - {name: pbft, set: {chain.protocol: pbft, chain.delay: constant 20 s}}
vary:
  start_date: [2023-06-19, 2023-07-19]
  market.beta: [0.1, 0.9]
average: {start_date: equal}
until: {kpi: buyers_cost, against: market.beta=0.1, half_width: 0.0012, pilot: 30, max: 400}
EOF
sed 's/max: 400/max: 32/' until.yaml >short.yaml

ends() {
    code=$1
    shift
    gridbourse "$@" >out 2>err </dev/null
    status=$?
    [ $status -eq "$code" ] || { echo "exit $status, expected $code" >>err; return 1; }
}

echo 1..11
ends 0 sweep --check -q until.yaml && grep -q 'good: 240 trials of a pilot in 8 cells, at most 3200 in all' out
ok '--check counts the trials of the pilot, and how many there may be'
# bytes WORDS: of the journal, in the line with these words
bytes() { awk -v words="$1" 'index($0, words) {for (i = 2; i <= NF; i++) if ($i == "of" && $(i + 1) == "journal,") print $(i - 2) * ($(i - 1) == "GB" ? 1000 : 1)}' out; }
ends 0 sweep --check until.yaml && first=$(bytes 'its first stage, 30 replications, takes about') &&
    most=$(bytes 'both stages, should all 400 replications be needed, about') &&
    awk "BEGIN {ratio = $most / $first / (400 / 30); exit !(ratio > 0.98 && ratio < 1.02)}"
ok 'and says what the pilot takes, and what the most that may follow'

ends 0 sweep until.yaml -q --threads 1 -o one.h5 && ends 0 sweep until.yaml -q --threads 2 -o two.h5 && cmp one.h5 two.h5
ok 'one and two threads give the same bytes'

if has_h5py; then
    py "$srcdir"/tests/until.py one.h5 30 0.0012 400 >out 2>err && n_found=$(cat out) && [ "$n_found" -gt 30 ] &&
        [ "$n_found" -lt 400 ] && ends 0 compare one.h5 --columns saving &&
        grep -q "A pilot of 30 replications fixed their number, $n_found, for a half width of" out &&
        grep -q '0.0012 of buyers_cost against market.beta=0.1, at 95 %' out
    ok 'the number that the pilot asks for is that of other code, and the table says so'
    ends 0 sweep short.yaml -q -o short.h5 && py "$srcdir"/tests/until.py short.h5 30 0.0012 32 >out 2>err &&
        ends 0 compare short.h5 --columns saving && grep -q 'The precision was not reached: after a pilot of 30, 32 replications' out &&
        ends 0 compare short.h5 --against market.beta=0.1 --columns saving && grep -q 'The precision was not reached' out &&
        ends 0 figures short.h5 --only curves -d figures --x market.beta && grep -q 'the precision asked for was not reached' figures/curves.txt
    ok 'where the most is reached tables and captions say that the precision is not'
else
    skip 'the number that the pilot asks for is that of other code' 'no Python with h5py here'
    skip 'where the most is reached tables and captions say so' 'no Python with h5py here'
fi

# a ratio of two columns, which is one of percent by another name
stage() { sed "s,kpi: buyers_cost\(.*\)half_width: 0.0012,kpi: $1\1half_width: $2," until.yaml >"$3.yaml"; }
fixed() { gridbourse compare "$1" --columns saving | sed -n 's/^A pilot of 30 replications fixed their number, \([0-9]*\),.*/\1/p'; }
stage buyers_cost/buyers_cost_grid_only 0.00015 ratio && stage buyers_saving_pct 0.015 percent &&
    ends 0 sweep ratio.yaml -q -o ratio.h5 && ends 0 sweep percent.yaml -q -o percent.h5 &&
    gridbourse compare ratio.h5 --columns saving >out && grep -q '0.00015 of buyers_cost/buyers_cost_grid_only against market.beta=0.1, at 95 %' out &&
    [ "$(fixed ratio.h5)" -gt 30 ] && [ "$(fixed ratio.h5)" -eq "$(fixed percent.h5)" ]
ok 'a ratio of two columns asks for as many as the percentage that it is'
stage saving/price_mean 0.1 wrong && ends 2 sweep wrong.yaml --check &&
    grep -q "until: kpi: expected a key figure of /summary, .*, got 'saving/price_mean'; .*A/B of two that are no ratios" err
ok 'and what is a ratio already divides nothing'

# cut OUT BYTES: the sweep, interrupted once its journal is so long
cut() {
    gridbourse sweep until.yaml -q --threads 1 --resume -o "$1" >out 2>err &
    pid=$!
    while kill -0 $pid 2>/dev/null; do
        [ -s "$1.journal" ] && [ "$(wc -c <"$1.journal")" -gt "$2" ] && { kill -TERM $pid; break; }
        sleep 0.01
    done
    wait $pid
}
cut cut.h5 50000
first=$?
ends 0 compare cut.h5 && grep -q 'No number of replications is fixed yet for a half width of$' out || first=0
cut cut.h5 350000
second=$?
[ $first -eq 130 ] && [ $second -eq 130 ] && ends 0 sweep until.yaml -q --resume -o cut.h5 && cmp one.h5 cut.h5 &&
    [ ! -e cut.h5.journal ] && ends 0 sweep until.yaml -q --resume -o cut.h5
ok 'interrupted in the pilot and behind it, and resumed, it has the same bytes'

for k in 1 2 3; do
    ends 0 sweep until.yaml --shard $k/3 -o p$k.h5 || break
done && grep -q 'joins them, then the same command with --pilot PILOT.h5 runs the second stage' err &&
    ends 2 sweep until.yaml --shard 1/3 --pilot p1.h5 -o s1.h5 && grep -q 'is not the pilot of this sweep, merged from all' err &&
    ends 0 merge -q -o pilot.h5 p1.h5 p2.h5 p3.h5
ok 'shards run the pilot alone, and wait until it is merged'
for k in 1 2 3; do
    ends 0 sweep until.yaml -q --shard $k/3 --pilot pilot.h5 -o s$k.h5 || break
done && ends 0 merge -q -o merged.h5 s3.h5 s1.h5 s2.h5 && cmp merged.h5 one.h5 &&
    ends 2 merge -o mixed.h5 s1.h5 p2.h5 && grep -q 'merge shards of one stage' err &&
    ends 0 sweep until.yaml -q --pilot pilot.h5 -o whole.h5 && cmp whole.h5 one.h5
ok 'with --pilot they run the rest, and merged they have the same bytes'
ends 0 sweep until.yaml -q --replications 3 -o three.h5 && ends 0 compare three.h5 && ! grep -q pilot out
ok '--replications stands for until'
exit $failed
