#!/bin/sh
# Every global symbol of the libraries begins with gb_ (style, section 2), files of the chain, of a run,
# of the scenario and of the sweep call each other in one direction, and the program itself uses what its
# lower layers offer.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$builddir" || exit 99
. "$srcdir/tests/tap.sh"

echo 1..6
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

# calls LIBRARY [FOLDER]: a line a use of one member's symbol by another, "USER OWNER"; of the members
# made from this folder's files alone
calls() {
    files=$([ -z "${2:-}" ] || (cd "$srcdir/$2" && echo *.c))
    nm -A "$1" 2>/dev/null | awk -v files="$files" '
        BEGIN { n = split(files, name, " "); for (i = 1; i <= n; i++) is_of[name[i]] = 1 }
        { split($1, part, ":"); file = part[2]; source = file
          sub(/^.*_a-/, "", source); sub(/\.o$/, ".c", source)
          if (n && !(source in is_of)) next }
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
# one_way NAME LIBRARY [FOLDER]
one_way() {
    name=$1
    shift
    calls "$@" >"$work/calls"
    tsort "$work/calls" >/dev/null 2>"$work/out"
    [ -s "$work/calls" ] && [ ! -s "$work/out" ]
    ok "$name"
}
one_way 'no files of the chain call each other in a circle' libchain.a
one_way 'no files of a run call each other in a circle' libexperiments.a experiments/run
one_way 'no files of the scenario call each other in a circle' libexperiments.a experiments/scenario
one_way 'no files of the sweep call each other in a circle' libexperiments.a experiments/sweep

# Offered for tests alone, and why it stays:
cat >"$work/exceptions" <<'END'
gb_pbft_deliver       the only way to forge a vote, without which nobody sees the safety oracle speak
gb_extensions_create  members handed in at run time: what a front end other than the command line
gb_extensions_add     does before it reads names
gb_extensions_free    .
gb_bootstrap_places     what a resample draws: tests compare it with the addresses that it promises
gb_quantile_interval    an interval of a quantile over trials, for who asks the library for one
gb_replications_needed  the second stage of a study, for who plans one from a pilot
END
objects=$(for layer in base sim models chain analysis experiments cli; do
    find "$layer" -name '*.o'
done)
# a line a global symbol that no other object of the program uses, "OBJECT SYMBOL"
# shellcheck disable=SC2086
nm -A -g $objects 2>/dev/null | awk '
    { split($1, part, ":"); file = part[1] }
    $(NF - 1) ~ /^[TDRBV]$/ { owner[$NF] = file }
    $(NF - 1) == "U" { used[$NF] }
    END { for (s in owner) if (!(s in used) && s ~ /^gb_/) print owner[s], s }' |
    sed '/^cli\//d' | sort >"$work/unused"
read_source=
while read -r object symbol; do
    source=$srcdir/${object%.o}.c
    [ -e "$source" ] || continue # of a file that is gone, or made by the build
    # without comments; once for all symbols of a file
    [ "$source" = "$read_source" ] || cc -fpreprocessed -dD -E -P "$source" >"$work/source" 2>/dev/null
    read_source=$source
    # a formula that its own file uses stays public where it is published and tested as such
    uses=$(grep -ow "$symbol" "$work/source" | wc -l)
    [ "$uses" -gt 1 ] || grep -q "^$symbol " "$work/exceptions" || echo "$object: $symbol"
done <"$work/unused" >"$work/out"
[ ! -s "$work/out" ] && [ -s "$work/unused" ]
ok 'no library offers a function that tests alone call'
exit $failed
