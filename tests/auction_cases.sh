#!/bin/sh
# Other people's auctions (tests/reference/auction-cases) through gridbourse clear.
if ! command -v python3 >/dev/null; then
    echo '1..0 # SKIP no python3'
    exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
python3 "$srcdir/tests/auction_cases.py" "$srcdir/tests/reference/auction-cases" "$work"
