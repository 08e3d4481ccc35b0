# For tests of what reads results, by `. "$srcdir/tests/sample.sh"` once $dir is set: the results of
# tests/write_sample, TAP, and commands with what they said.
"$builddir"/tests/write_sample "$dir" || exit 99
work=$dir
. "$srcdir/tests/tap.sh"

# check SENTENCE COMMAND...: the command succeeds
check() {
    sentence=$1
    shift
    "$@"
    ok "$sentence"
}
# run EXIT ARGUMENT...: gridbourse exits so; its words are kept
run() {
    expected=$1
    shift
    gridbourse "$@" >"$dir/out" 2>"$dir/err"
    code=$?
    [ "$code" -eq "$expected" ] || { echo "# exit $code, expected $expected: gridbourse $*"; return 1; }
}
says() { grep -qF -e "$1" "$dir/out"; }
complains() { grep -qF -e "$1" "$dir/err" && [ ! -s "$dir/out" ]; }
