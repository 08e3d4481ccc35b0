# For tests of what reads results, by `. "$srcdir/tests/sample.sh"` once $dir is set: the results of
# tests/write_sample, and tests/commands.sh.
"$builddir"/tests/write_sample "$dir" || exit 99
. "$srcdir/tests/commands.sh"
