#!/bin/sh
# Every global symbol of the libraries begins with gb_ (style, section 2), and files of the chain call
# each other in one direction.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$builddir" || exit 99
. "$srcdir/tests/tap.sh"

echo 1..2
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

# calls LIBRARY: a line a use of one member's symbol by another, "USER OWNER"
calls() {
    nm -A "$1" 2>/dev/null | awk '
        { split($1, part, ":"); file = part[2] }
        $(NF - 1) ~ /^[TDRB]$/ { owner[$NF] = file }
        $(NF - 1) == "U" { user[file " " $NF] }
        END {
            for (use in user) {
                split(use, word, " ")
                if (word[2] in owner && owner[word[2]] != word[1])
                    print word[1], owner[word[2]]
            }
        }' | sort -u
}
calls libchain.a >"$work/calls"
tsort "$work/calls" >/dev/null 2>"$work/out"
[ -s "$work/calls" ] && [ ! -s "$work/out" ]
ok 'no files of the chain call each other in a circle'
exit $failed
