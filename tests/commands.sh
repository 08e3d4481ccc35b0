# For tests of commands, by `. "$srcdir/tests/commands.sh"` once $dir is set: TAP, and commands with
# what they said.
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
