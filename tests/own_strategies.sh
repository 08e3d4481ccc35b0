# For tests of strategies of the user's own, read by `. "$srcdir/tests/own_strategies.sh"` behind tap.sh:
# a small scenario, a sweep of it, and what holds of a strategy whichever way it comes in.

# small STRATEGY WHICH: small.yaml, a day of 16 slots of 12 meters by it, and sweep.yaml, 8 trials of that
small() {
    cat >small.yaml <<EOF2
format: 1
seed: 3
slot: 1 h
slots: 16
meters.count: 12
chain.protocol: ideal
output.level: market
agents.strategy: $1
agents.$1: $2
EOF2
    cat >sweep.yaml <<'EOF2'
format: 1
scenario: small.yaml
vary:
  meters.count: [6, 12]
replications: 4
EOF2
}

# threads_alike: the sweep has the same bytes on one thread and on three
threads_alike() {
    gridbourse sweep -q sweep.yaml --threads 1 -o one.h5 >out 2>err &&
        gridbourse sweep -q sweep.yaml --threads 3 -o three.h5 >out 2>err && cmp one.h5 three.h5
}

# two_fail WORDS SETTING: under this setting 2 trials of the sweep fail with these words, and 6 do not
two_fail() {
    gridbourse sweep sweep.yaml --threads 2 -o picky.h5 --set "$2" >out 2>err
    [ $? -eq 1 ] && grep -q -- "$1" err && grep -q '6 of 8' out err
}
