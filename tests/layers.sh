#!/bin/sh
# Includes point down (style, section 1): a layer may use any layer below it, never one above or
# beside it; of models, chain sees models/market alone. Nothing needs OpenMP. (That headers compile on their
# own, .ci/analyse sees.)
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$srcdir" || exit 99
. "$srcdir/tests/tap.sh"

all="base sim models chain analysis experiments cli"

# arrows: a line an include of the program, "FOLDER FOLDER", those within a folder left out
arrows() {
    # shellcheck disable=SC2086
    grep -rE --include='*.[ch]' '^ *# *include "[a-z_0-9]+/' $all |
        sed -E 's|^(.*)/[^/]*:.*"(.*)/[^/]*"|\1 \2|' | awk '$1 != $2' | sort -u
}
arrows >"$work/arrows"

# refuse FOLDER PATTERN WHY: no file below FOLDER includes a project header matching PATTERN
refuse() {
    report "$(grep -rnE --include='*.[ch]' "^ *# *include \"($2)" "$1" 2>/dev/null)" "$3"
}

# modules FOLDER: a line an include within it, "MODULE MODULE": a header and its source are one
modules() {
    grep -rE --include='*.[ch]' "^ *# *include \"$1/" "$1" |
        sed -E 's|^.*/([^/]*)\.[ch]:.*/([^/]*)\.h".*|\1 \2|; s/_priv//g' |
        awk '$1 != $2' | sort -u
}

# writers PATTERN FILES WHY: in the contracts, PATTERN stands in these FILES alone
writers() {
    report "$(grep -nE "$1" chain/contracts/*.[ch] | grep -vE "^chain/contracts/($2):")" "$3"
}

echo 1..15
refuse base '(sim|models|chain|analysis|experiments|cli)/' 'base includes nothing above it'
refuse sim '(models|chain|analysis|experiments|cli)/' 'sim includes base alone'
refuse models '(chain|analysis|experiments|cli)/' 'models includes sim and base alone'
refuse chain '(analysis|experiments|cli|models/(weather|assets|agents))/' 'of models, chain includes models/market alone'
refuse analysis '(chain|models|experiments|cli)/' 'analysis reads records and files, never a running model'
refuse experiments 'cli/' 'experiments includes nothing of cli'
refuse models/market 'models/(weather|assets|agents)/' 'market rules know nothing of weather, assets and agents'
tsort "$work/arrows" >/dev/null 2>"$work/loop"
report "$(cat "$work/loop")" 'no folders include each other, directly or in a circle'
report "$(for folder in base analysis chain/* models/* experiments/* cli sim; do
    [ ! -d "$folder" ] || modules "$folder" | tsort 2>&1 >/dev/null
done)" 'no files of a folder include each other, directly or in a circle'
writers 'gb_intervals_set_phase\(' '(intervals|intervals_priv|lifecycle)\.[ch]' \
    'lifecycle.c alone changes the phase of an interval'
parts='contracts->(accounts|registry|registers|intervals|event_log|clock)\.'
parts="$parts|interval->(meters|book|trades)[.[]"
writers "($parts)[^;=]*([^=!<>]=[^=]|\+\+|--)" 'none' \
    'no part of the contracts is written past its file'
report "$(find $all -name '*_priv.h' | while read -r h; do
    dir=$(dirname "$h")
    grep -rlE "include \"$h\"" --include='*.[ch]' $all tests |
        grep -v -e "^$dir/[^/]*$" -e '^tests/test_guards.c$'
done)" 'private headers stay in their folder, but for the test that breaks what they guard'

report "$(grep -rlE 'omp_[a-z_]+\(|<omp.h>' --include='*.[ch]' $all tests |
    while read -r f; do grep -q '^#ifdef _OPENMP' "$f" || echo "$f"; done)" \
    'OpenMP is called only where there is one'

report "$(grep -rl 'gb_delay_at(' --include='*.[ch]' chain cli analysis | grep -v '^chain/network/')" \
    'only the network gives a message its delay'

report "$(grep -rl 'gb_key_make(' --include='*.[ch]' $all |
    grep -vE '^(base/(random|draws)\.[ch]|(analysis/bootstrap|models/fit/resample)\.c)$')" \
    'every draw of a trial has the key that `redraw` decides on'
exit $failed
