#!/bin/sh
# Python opens every group of a result as it is: xarray by both engines, and h5py. Skipped aloud
# where these are not installed.
. "$srcdir/tests/python.sh"
need_h5py
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
"$builddir"/tests/write_sample "$dir" || exit 99
cat >"$dir/cases.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/village.yaml
set: {slots: 2, meters.count: 4, chain.crypto: modelled}
cases:
  - {name: ideal, set: {chain.protocol: ideal}}
  - {name: pbft, set: {chain.protocol: pbft}, vary: {chain.nodes: [4, 7], chain.delay: [constant 20 ms, constant 40 ms]}}
EOF
gridbourse sweep "$dir/cases.yaml" -q -o "$dir/cases.h5" || exit 99
"$python" "$srcdir"/tests/results_python.py "$dir"
