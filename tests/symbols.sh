#!/bin/sh
# Every global symbol of the libraries begins with gb_ (style, section 2).
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$builddir" || exit 99
. "$srcdir/tests/tap.sh"

echo 1..1
libraries='libsim.a libmodels.a libchain.a libanalysis.a libexperiments.a'
foreign=$(for library in $libraries; do
    # the sanitizers and OpenMP add markers of their own to names that begin with gb_
    nm -g --defined-only "$library" 2>/dev/null | awk -v library="$library" '
        NF == 3 && $3 !~ /^(gb_|__odr_asan.*gb_|\.gomp_critical_user_gb_)/ {
            print library ": " $3
        }'
done)
n_symbols=$(for library in $libraries; do nm -g --defined-only "$library" 2>/dev/null; done |
    grep -c ' gb_')
printf '%s\n' "$foreign" >"$work/out"
[ -z "$foreign" ] && [ "$n_symbols" -gt 0 ]
ok 'every global symbol of the libraries begins with gb_'
exit $failed
