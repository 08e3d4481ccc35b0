#!/bin/sh
# The revision of the source: GB_REVISION where it is set, .revision in a tarball, what git says in a
# checkout, else "unknown".
here=$(dirname "$0")/..
if test -n "${GB_REVISION:-}"; then
    echo "$GB_REVISION"
elif test -f "$here/.revision"; then
    cat "$here/.revision"
elif test -e "$here/.git"; then
    git -C "$here" describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null || echo unknown
else
    echo unknown
fi
