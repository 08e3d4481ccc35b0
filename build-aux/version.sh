#!/bin/sh
# The version: what git says in a checkout with tags, .tarball-version in a tarball, else 0.1.0.
here=$(dirname "$0")/..
if test -f "$here/.tarball-version"; then
    cat "$here/.tarball-version"
else
    tag=$(git -C "$here" describe --tags --match 'v*' --abbrev=0 2>/dev/null)
    echo "${tag:-v0.1.0}" | sed 's/^v//'
fi | tr -d '\n'
