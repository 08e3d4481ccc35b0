#!/bin/sh
# A result that others have stored anew holds what it held: chunks of other sizes, other filters, the
# other order of bytes, integers with fewer bits than they have room for.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cd "$work" || exit 99
cat >village.yaml <<'EOV'
format: 1
slots: 48
start_date: 2023-06-01
meters: {count: 110, storage_share: 0.4}
chain.protocol: ideal
output.level: meters
EOV
gridbourse run -q village.yaml -o was.h5 || exit 99
gridbourse compare was.h5 --csv >was.csv || exit 99
echo 1..9
py "$srcdir/tests/repacked.py" was.h5 . >ways 2>err || { sed 's/^/# /' err; exit 99; }
while read -r way columns; do
    [ "$columns" -gt 40 ] && gridbourse diff was.h5 "$way.h5" >out 2>err && grep -q '^equal' out &&
        gridbourse compare "$way.h5" --csv >now.csv 2>err && cmp was.csv now.csv >>out
    ok "$way"
done <ways
exit $failed
