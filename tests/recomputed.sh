#!/bin/sh
# Figures and comparisons computed anew in Python from the results they are of: the curves of late,
# chain and convergence, the gap between the sides, quantiles over users and bootstrap intervals.
# Skipped aloud where Python has no h5py.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
cat >small.yaml <<'EOF'
format: 1
slots: 24
slot: 3 h
start_date: 2023-06-01
meters: {count: 14, prosumer_share: 0.5, wind_share: 0.3, storage_share: 0}
EOF
cat >chain.yaml <<'EOF'
format: 1
scenario: small.yaml
set: {chain.crypto: modelled, chain.delay: exponential 400 ms, market.open: 40 s, market.gate: 2 s,
      agents.reaction: exponential 10 s, output.level: market}
vary: {chain.flow: [classic, fisco3], chain.nodes: [4, 7]}
replications: 4
EOF
cat >books.yaml <<'EOF'
format: 1
scenario: small.yaml
set: {chain.protocol: ideal, output.level: market}
vary: {market.books: [by_source, pooled]}
replications: 32
EOF
against='books.h5 --against market.books=pooled'
# without gnuplot figures have their data all the same
{
    gridbourse sweep chain.yaml -q -o chain.h5 && gridbourse sweep books.yaml -q -o books.h5 &&
        gridbourse figures chain.h5 -d figures --only late,chain --format svg &&
        gridbourse figures books.h5 -d figures --only convergence --format svg --where market.books=pooled
} >out 2>&1 || { cat out; exit 99; }
# shellcheck disable=SC2086
{
    gridbourse compare books.h5 --csv >cells.csv && gridbourse compare $against --csv >users.csv &&
        gridbourse compare $against --columns cost,price_mean,sellers_less_buyers_gain_per_kwh --bootstrap 20000 --csv >bootstrap.csv
} || exit 99
py "$srcdir"/tests/recomputed.py
