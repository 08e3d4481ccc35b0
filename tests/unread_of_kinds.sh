#!/bin/sh
# Each key that a kind of households may have, and each column of meters.file, changes something or is refused.
# GB_UNREAD=--long tries villages of every shape, two minutes of one core.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"

echo 1..1
py "$srcdir/tests/unread_of_kinds.py" "$work" $GB_UNREAD >"$work/said" 2>&1
ok 'no key of a kind, and no column, is taken and read by nothing'
sed 's/^/# /' "$work/said"
exit $failed
