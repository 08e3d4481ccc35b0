#!/bin/sh
# The revision of the source: .revision in a tarball, what git says in a checkout, else "unknown".
here=$(dirname "$0")/..
if test -f "$here/.revision"; then
    cat "$here/.revision"
elif test -e "$here/.git"; then
    git -C "$here" describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null || echo unknown
else
    echo unknown
fi
