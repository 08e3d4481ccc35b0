#!/bin/sh
# `make install` puts down a program that runs, its page, its completion, and files that it can use.
folder=$(mktemp -d) || exit 99
trap 'rm -rf "$folder"' EXIT
n=0
failed=0

check() {
    n=$((n + 1))
    name=$1
    shift
    if "$@" >"$folder/said" 2>&1; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        sed 's/^/# /' "$folder/said"
        failed=1
    fi
}

installed() {
    find "$folder" -path "*$1" | grep -q .
}

# what `make check` has built is taken as it is
install_it() {
    unset MAKEFLAGS MFLAGS
    make -C "$builddir" -s -o revision.h install DESTDIR="$folder"
}

echo 1..8
check "make install DESTDIR=... succeeds" install_it
program=$(find "$folder" -path '*/bin/gridbourse')
data=$(dirname "$(find "$folder" -path '*/gridbourse/experiments')")
check "the program is there and says its version" "$program" --version
check "the manual page is there" installed /man1/gridbourse.1
check "the completion is there" installed /completions/gridbourse
check "the scripts of the figures are there" test -s "$data/figures/style.gp"
for name in paper village; do
    check "the installed program takes the installed $name.yaml" \
        "$program" run --check "$data/experiments/$name.yaml"
done
check "the installed program takes the installed beta-sweep.yaml" \
    "$program" sweep --check "$data/experiments/beta-sweep.yaml"
exit $failed
