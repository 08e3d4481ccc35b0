#!/bin/sh
# Other people's auctions (tests/reference/auction-cases) through gridbourse clear.
. "$srcdir/tests/python.sh"
if ! command -v "$python" >/dev/null; then
    echo '1..0 # SKIP no python3'
    exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
"$python" "$srcdir/tests/auction_cases.py" "$srcdir/tests/reference/auction-cases" "$work"
