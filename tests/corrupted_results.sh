#!/bin/sh
# compare, book, figures, merge and run on corrupted results: exit 0, 1 or 2, words, no signal, little memory.
# GB_CORRUPTED=N takes every N-th as well (make check-long: 1, all), else those that once did harm, and some of each
# kind, and of those of the stages of a sweep every fourth. (What its reader says of each, test_corrupted sees.)
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
work=$dir
. "$srcdir/tests/tap.sh"
corrupt=$builddir/tests/corrupt_result

names='format_array start_days_array version_null order_source_200 trial_2e9_rows users_2_to_40
    n_meters_huge name_long name_escape trade_seller raw_chunk_no_deflate cost_huge_chunk
    heap_of_version_ends heap_of_names_ends sweep_books_escape sweep_beta_nan sweep_trial_twice
    stages_pilot_5 stages_reached_missing stages_precision_640'
[ -z "${GB_CORRUPTED:-}" ] || names=$({ printf '%s\n' $names; "$corrupt" | awk -v n="$GB_CORRUPTED" 'NR % n == 0'; } | sort -u)

# The sanitizers reserve terabytes.
limit() { case $GB_COMPILE in *-fsanitize*) : ;; *) ulimit -v 400000 ;; esac; }

# ends_well ARGUMENT...: exit 0 and no word, or exit 1 or 2 and a sentence that names the file
ends_well() {
    (limit; PATH=/nonexistent "$builddir/gridbourse" "$@") >"$dir/out" 2>"$dir/err"
    code=$?
    case $code in
    0) return 0 ;;
    1 | 2) grep -q "^gridbourse: ..." "$dir/err" && return 0 ;;
    esac
    echo "# exit $code: gridbourse $*"
    return 1
}
# no byte of a result reaches a terminal but text
is_text() { ! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$dir/out" "$dir/err"; }

echo 1..$(($(echo "$names" | wc -w) + 6))
for name in $names; do
    rm -f "$dir"/*.h5
    "$corrupt" "$dir" "$name" && cd "$dir" && ends_well compare "$name.h5" && is_text &&
        ends_well compare "$name.h5" --csv --all && is_text &&
        ends_well book "$name.h5" --slot 0 && is_text && ends_well book "$name.h5" --slot 0 --trial 1 &&
        ends_well figures "$name.h5" -d "$dir/f" && is_text && ends_well merge --restart "$name.h5" -o merged.h5 && is_text &&
        ends_well run "$srcdir/experiments/paper.yaml" -o "$name.h5" --check
    ok "$name"
done

# what is wrong with it is said by those who read it
name=order_source_200
"$corrupt" "$dir" $name
(limit; "$builddir/gridbourse" book "$dir/$name.h5" --slot 0) >"$dir/out" 2>"$dir/err"
[ $? -eq 1 ] && [ ! -s "$dir/out" ] && grep -q '/orders/source in row 0 is 200; expected 0 to 4 (any solar' "$dir/err"
ok 'a source that is none is named, and nothing printed'
name=format_array
"$corrupt" "$dir" $name
"$builddir/gridbourse" run "$srcdir/experiments/paper.yaml" -o "$dir/$name.h5" --check >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] && grep -q 'is no result of this program and stays as it is' "$dir/err"
ok 'what says of itself that it is no result is not replaced'
name=version_null
"$corrupt" "$dir" $name
"$builddir/gridbourse" run "$srcdir/experiments/paper.yaml" -o "$dir/$name.h5" --check >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] && grep -q 'of another version of this program (format 1), or damaged, and stays as it is' "$dir/err"
ok 'nor what says that it is one, and cannot be read'

# refuses COMMAND...: it fails, and its one sentence names what is wrong in $name.h5
refuses() {
    (cd "$dir" && limit && "$builddir/gridbourse" "$@") >"$dir/out" 2>"$dir/err"
    code=$?
    [ $code -ge 1 ] && [ $code -le 2 ] && [ "$(wc -l <"$dir/err")" -eq 1 ] &&
        grep -qE "'$name.h5' is a damaged .*/(provenance|summary/(trial|replication))" "$dir/err" ||
        { echo "exit $code: gridbourse $*" >>"$dir/err"; false; }
}
printf 'format: 1\nmeters.count: 2\nslots: 2\n' >"$dir/two.yaml"
printf 'format: 1\nscenario: two.yaml\nvary: {market.beta: [0, 1]}\n' >"$dir/sweep.yaml"
# a sweep that is to be in its place leaves it there, and says what is wrong with it
replaces_nothing() {
    refuses sweep sweep.yaml -o "$name.h5" && grep -q ': --restart replaces it, -o names another$' "$dir/err" ||
        grep -q "'$name.h5' .* or damaged, and stays as it is" "$dir/err"
}
all=0
n_told=0
stages=$("$corrupt" | grep '^stages_' | grep -v '^stages_reached_0$')
# of stages_max_5 a sweep says what is wrong with it, beside that it stays
for name in $(echo "$stages" | awk -v n="${GB_CORRUPTED:-4}" 'NR % n == 0 || $0 == "stages_max_5"'); do
    rm -f "$dir"/*.h5
    "$corrupt" "$dir" "$name" && refuses compare "$name.h5" && refuses compare "$name.h5" --against market.beta=0 &&
        refuses figures "$name.h5" -d f && refuses merge --restart "$name.h5" -o merged.h5 && [ ! -e "$dir/merged.h5" ] &&
        replaces_nothing ||
        { all=1; break; }
    n_told=$((n_told + $(grep -c 'restart replaces it' "$dir/err")))
done
[ $all -eq 0 ] && [ "$(echo "$stages" | wc -l)" -ge 30 ] && [ $n_told -gt 0 ]
ok 'whatever is wrong with the stages of a sweep is refused by compare, figures, merge and a sweep in its place'
name=stages_reached_0
"$corrupt" "$dir" $name && "$builddir/gridbourse" compare "$dir/$name.h5" >"$dir/out" 2>"$dir/err" &&
    grep -q 'The precision was not reached: after a pilot of 3, 4 replications (at most 6)' "$dir/out"
ok 'and a precision that was not reached is told'
if command -v flock >/dev/null; then
    name=gini_nan
    "$corrupt" "$dir" $name
    flock -x "$dir/$name.h5" sh -c '"$0"/gridbourse run "$1" -o "$2" --check' "$builddir" \
        "$srcdir/experiments/paper.yaml" "$dir/$name.h5" >"$dir/out" 2>"$dir/err"
    [ $? -eq 1 ] && grep -q 'is locked' "$dir/err" && ! grep -q 'no result' "$dir/err"
    ok 'a result that is locked is not called somebody else'\''s'
else
    skip 'a result that is locked is not called somebody else'\''s' 'no flock'
fi
exit $failed
