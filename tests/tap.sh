# TAP for tests in the shell, read by `. "$srcdir/tests/tap.sh"` once $work is set: what a command said
# stands in $work/out and $work/err, and is shown when it was not right.
n=0
failed=0

# A table's columns are thousands of small allocations by HDF5; in huge pages, where there are any, a command
# that reads a result takes two thirds of the time.
GLIBC_TUNABLES=glibc.malloc.hugetlb=1
export GLIBC_TUNABLES

# ok NAME: reports the status of the command before it
ok() {
    status=$?
    n=$((n + 1))
    if [ $status -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        for f in "$work/out" "$work/err"; do [ -s "$f" ] && sed 's/^/# /' "$f"; done
        failed=1
    fi
}

# report WORDS NAME: passes when WORDS, of what is wrong, is empty
report() {
    printf '%s\n' "$1" >"$work/out"
    [ -z "$1" ]
    ok "$2"
}

# skip NAME WHY
skip() {
    n=$((n + 1))
    echo "ok $n - $1 # SKIP $2"
}
