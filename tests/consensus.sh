#!/bin/sh
# gridbourse consensus: exact rows at constant delays, the table's figures at random ones, the same
# bytes again, and what is refused.
n=0
failed=0
folder=$(mktemp -d) || exit 99
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 99

# expect SENTENCE IS EXPECTED
expect() {
    n=$((n + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        printf '%s\n' "$2" | sed 's/^/# is:       /'
        printf '%s\n' "$3" | sed 's/^/# expected: /'
        failed=1
    fi
}

# csv ARGUMENT ...: the row of values
csv() { gridbourse consensus --csv "$@" 2>&1 | tail -n 1; }
# column NAME ARGUMENT ...: one value, by the name of its column
column() {
    name=$1
    shift
    gridbourse consensus --csv "$@" | awk -F, -v name="$name" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i }
        NR == 2 { print $column }'
}
# refused ARGUMENT ...: exit code, and the first word on standard error that names the culprit
refused() {
    gridbourse consensus "$@" >out 2>err
    code=$?
    [ -s out ] && code="$code with output"
    [ -s err ] || code="$code without a reason"
    echo "$code"
}

echo 1..28
header=flow,nodes,decisions
for name in messages commit_leader_ms commit_replica_mean_ms commit_first_ms commit_quorum_ms \
    commit_last_ms stable_quorum_ms; do
    header=$header,$name,${name}_se
done
expect 'the columns are known by name, each mean with its error behind it' \
    "$(gridbourse consensus --csv --decisions 2 | head -n 1)" "$header"

z=0.000000
three=300.000000,$z,300.000000,$z,300.000000,$z,300.000000,$z,300.000000,$z
constant='chain.delay=constant 100 ms'
expect 'classic among 4: 24 messages, commit at 3d' \
    "$(csv --set "$constant" --set chain.flow=classic --decisions 9)" \
    "classic,4,9,24.000000,$z,$three,300.000000,$z"
expect 'fisco2 among 16: 495 messages, commit at 3d' \
    "$(csv --set "$constant" --set chain.flow=fisco2 --set chain.nodes=16 --decisions 9)" \
    "fisco2,16,9,495.000000,$z,$three,300.000000,$z"
expect 'fisco3 among 64: 12159 messages, commit at 3d, stable at 4d' \
    "$(csv --set "$constant" --set chain.nodes=64 --decisions 2)" \
    "fisco3,64,2,12159.000000,$z,$three,400.000000,$z"
expect 'one validator needs no message and no time, and of one decision there is no error' \
    "$(csv --set chain.nodes=1 --decisions 1)" \
    "fisco3,1,1,$z,,$z,,,,$z,,$z,,$z,,$z,"
expect 'a chain that is never idle has a block every 3d' \
    "$(column block_interval_ms --busy --set "$constant" --decisions 20)" 300.000000

# n = 16, exponential delays of 100 ms, mode 1 of the table in test_pbft_latency.c: mean and error
gridbourse consensus --csv --set chain.nodes=16 --set 'chain.delay=exponential 100 ms' \
    --decisions 2000 --seed 3 | awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
    NR == 2 {
        check("commit_leader_ms", 335.6115, 0.2530)
        check("commit_replica_mean_ms", 338.3147, 0.1944)
        check("commit_first_ms", 284.5117, 0.1855)
        check("commit_quorum_ms", 347.6416, 0.1966)
        check("commit_last_ms", 424.3644, 0.3927)
        check("stable_quorum_ms", 458.2227, 0.2074)
    }
    function check(name, mean, error,    mine, own_error, distance) {
        mine = $column[name]
        own_error = $column[name "_se"]
        distance = (mine - mean) / sqrt(error * error + own_error * own_error)
        print name, (own_error > 0 && distance < 4 && distance > -4) ? "near" : "far: " mine
    }' >near
expect 'at random delays every mean is within 4 standard errors of the table' "$(cat near)" \
    "$(printf '%s near\n' commit_leader_ms commit_replica_mean_ms commit_first_ms \
        commit_quorum_ms commit_last_ms stable_quorum_ms)"

five=$(csv --seed 5 --decisions 50)
six=$(csv --seed 6 --decisions 50)
expect 'a seed gives the same bytes again' "$(csv --seed 5 --decisions 50)" \
    "fisco3,4,50,39.000000,${five#fisco3,4,50,39.000000,}"
expect 'another seed gives other times for the same messages' \
    "$(echo "$six" | cut -d, -f 1-4),$([ "$five" = "$six" ]; echo $?)" fisco3,4,50,39.000000,1
expect 'without --decisions there are 1000' "$(csv | cut -d, -f 3)" 1000

cat >seven.yaml <<'YAML'
format: 1
chain:
  nodes: 7
  flow: fisco2
  delay: constant 10 ms
YAML
expect 'a scenario file says what the chain is like' \
    "$(csv seven.yaml --decisions 3 | cut -d, -f 1-6)" fisco2,7,3,90.000000,$z,30.000000
expect '--set goes over the file' \
    "$(csv seven.yaml --set chain.nodes=4 --decisions 3 | cut -d, -f 1-6)" \
    fisco2,4,3,27.000000,$z,30.000000

gridbourse consensus --set "$constant" --set chain.nodes=4 --decisions 3 >table
expect 'the table shows the formula beside the messages' \
    "$(grep -c '^messages .* 39 .* 39 = (n-1)(3n+1)$' table)" 1
expect 'and 3d and 4d beside the times' "$(grep -c ' 300\.000 = 3d$' table),$(
    grep -c '^stable.* 400\.000 = 4d$' table)" 5,1

expect '--quiet prints neither heads nor blank lines' \
    "$(gridbourse consensus -q --set "$constant" --decisions 3)" "$(sed 1,4d table)"
expect 'a single validator and decision are not plural' \
    "$(gridbourse consensus --set chain.nodes=1 --decisions 1 | sed -n 1p)" \
    'PBFT, fisco3: 1 validator, quorum 1, links exponential 20 ms, 1 independent decision'

expect 'an unknown key is refused' "$(refused --set chain.nodse=4)" 2
expect 'and the right one suggested' "$(grep -c "chain\.nodes" err)" 1
expect 'a number of validators out of range is refused' "$(refused --set chain.nodes=0)" 2
expect 'no decisions are refused' "$(refused --decisions 0)" 2
expect 'a file that is not there is refused' "$(refused nowhere.yaml)" 2
expect 'a protocol without messages is refused' "$(refused --set chain.protocol=ideal)" 2
expect 'a key of the market would be set in vain' "$(refused --set market.beta=1)" 2
expect 'which is said' "$(grep -c 'market.beta: consensus measures the chain alone' err)" 1
expect 'with the keys that it reads' \
    "$(sed -n '2,$p' err | tr -d '\n' | tr , '\n' | grep -cE 'seed|replication|chain\.')" 8
expect 'the table shows no nan' \
    "$(gridbourse consensus --set chain.nodes=1 --decisions 1 | grep -c nan)" 0

# rules, section 7: three delays of more than a second each, and a real chain would change the view
slow='chain.delay=constant 60 s'
notice() { gridbourse consensus --decisions 2 "$@" 2>&1 >out | grep -c 'view changes do not exist yet'; }
expect 'a chain too slow for its timer is told that view changes are missing' \
    "$(notice --set "$slow"),$(notice --set 'chain.delay=exponential 1001 ms')" 1,1
expect 'others are not, nor one that is to be quiet' "$(notice),$(
    notice --set 'chain.delay=constant 1 s'),$(notice --set "$slow" --set chain.nodes=1),$(
    notice --set "$slow" --quiet)" 0,0,0,0
exit $failed
