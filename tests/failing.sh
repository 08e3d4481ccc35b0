# For tests of commands that are broken off, by `. "$srcdir/tests/failing.sh"` once $work is set.
. "$srcdir/tests/tap.sh"
failing=$builddir/tests/failing.so

# ends CODE COMMAND...: the command ends with CODE; what it said stands in $work/out and $work/err
ends() {
    code=$1
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    [ $status -eq "$code" ] || { echo "exit $status, expected $code" >>"$work/err"; return 1; }
}

# breaking PLAN COMMAND...: the command with some of its calls failing (tests/failing.c)
breaking() (
    GB_FAIL=$1
    shift
    export GB_FAIL
    LD_PRELOAD=$failing exec "$@"
)
