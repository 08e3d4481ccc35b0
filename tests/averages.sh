#!/bin/sh
# `average` of a sweep: what `compare` says of it is computed anew from the result in Python. Skipped
# aloud where that has no h5py.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
cat >small.yaml <<'EOF'
format: 1
slots: 6
slot: 2 h
market.open: 1 h
meters: {count: 40, prosumer_share: 0.3, wind_share: 0}
EOF
cat >seasons.yaml <<'EOF'
format: 1
scenario: small.yaml
cases:
  - {name: ideal, set: {chain.protocol: ideal}}
  - {name: pbft, set: {chain.protocol: pbft, chain.delay: constant 20 s}, vary: {chain.nodes: [4, 7]}}
vary:
  start_date: [2023-03-18, 2023-06-19, 2023-07-19]
  market.beta: [0.1, 0.5]
average: {start_date: equal}
replications: 12
EOF
{
    gridbourse sweep seasons.yaml -q -o out.h5 --threads 1 && gridbourse compare out.h5 --csv >all.csv &&
        gridbourse compare out.h5 --where start_date=2023-06-19 --csv >one.csv &&
        for k in 1 2; do
            gridbourse sweep seasons.yaml -q --shard $k/2 -o part.$k.h5 --threads 2 || exit 1
        done && gridbourse merge -q -o merged.h5 part.2.h5 part.1.h5 &&
        { gridbourse merge -q --allow-missing -o half.h5 part.1.h5 2>/dev/null || [ -s half.h5 ]; } &&
        gridbourse figures half.h5 -d half --only causes --where chain.nodes=4 --where market.beta=0.1 >/dev/null &&
        gridbourse sweep seasons.yaml -q --trial 0 -o single.h5 &&
        gridbourse compare single.h5 --columns saving >single.txt &&
        gridbourse compare out.h5 --against market.beta=0.1 --columns buyers_cost --csv >against.csv &&
        gridbourse compare out.h5 >head.txt && gridbourse compare out.h5 --where start_date=2023-06-19 >one.txt
} || exit 99
py "$srcdir"/tests/averages.py out.h5 all.csv one.csv against.csv single.txt merged.h5 half/causes.txt head.txt one.txt
