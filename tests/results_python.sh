#!/bin/sh
# Python opens every group of a result as it is: xarray by both engines, and h5py. Skipped aloud
# where these are not installed.
python=/usr/bin/python3
command -v "$python" >/dev/null 2>&1 || python=python3
if ! "$python" -c 'import numpy, h5py' 2>/dev/null; then
    echo '1..0 # SKIP no Python with numpy and h5py here'
    exit 0
fi
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
"$builddir"/tests/write_sample "$dir" || exit 99
"$python" "$srcdir"/tests/results_python.py "$dir"
