#!/bin/bash
# Seeds one fault after the other into a copy of the sources, builds it, and holds that the tests named
# beside the fault fail. A test that no fault can make fail proves nothing; a fault that no test
# notices will be made one day.
#   tests/mutations/run.sh BUILD_FOLDER [LIST]
#   GB_MUTATIONS_SECONDS   stop beginning new ones after so many seconds; default: none
#   GB_MUTATIONS_FIRST     begin with this one of the list, from 1, and go round; default 1
# LIST holds stanzas of lines `what:`, `file:`, `find:`, `put:`, `by:`, blank lines between. `find` is text that
# stands on exactly one line of the file, of which `put` takes its place: a fault whose text is gone
# fails, so that the list keeps up with the code. `by` names tests as make check knows them.
set -u
build=$(cd "${1:?usage: run.sh BUILD_FOLDER [LIST]}" && pwd) || exit 99
source=$(cd "$(dirname "$0")/../.." && pwd)
list=${2:-$source/tests/mutations/list.txt}
copy=$(mktemp -d) || exit 99
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' INT TERM HUP
n=0
failed=0

ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() { n=$((n + 1)); failed=$((failed + 1)); echo "not ok $n - $1"; sed 's/^/# /' "${2:-/dev/null}" | tail -n 15; }

# The sources with their times, so that make sees only what a fault touches.
(cd "$source" && tar -cf - --exclude-vcs --exclude=./build --exclude='./build.*' --exclude=./out .) | tar -xf - -C "$copy" ||
    exit 99
cp -a "$build" "$copy/build" || exit 99

# Shell tests are no targets, the program they run is; C tests are both.
targets() {
    echo gridbourse
    for test in "$@"; do case $test in *.sh) ;; *) echo "$test" ;; esac; done
}

# The copied build still names the folder it was made in: tests in the shell would run the program there,
# which has no fault.
check() { make -s -C "$copy/build" abs_top_builddir="$copy/build" abs_top_srcdir="$copy" check-TESTS "$1"; }

# replace FILE FIND PUT: FIND, on one line alone, becomes PUT
replace() {
    FIND=$2 PUT=$3 awk '
        BEGIN { find = ENVIRON["FIND"]; put = ENVIRON["PUT"] }
        (at = index($0, find)) > 0 { n++; $0 = substr($0, 1, at - 1) put substr($0, at + length(find)) }
        { print }
        END { exit n == 1 ? 0 : n > 1 ? 3 : 4 }' "$1" >"$copy/mutant"
}

try() {
    local what=$1 file=$2 find=$3 put=$4 by=$5 status
    cp -p "$copy/$file" "$copy/original" 2>"$copy/log" || { not_ok "$what: no file '$file'"; return; }
    replace "$copy/$file" "$find" "$put"
    status=$?
    case $status in
    0) ;;
    3) not_ok "$what: '$find' stands on several lines of $file"; return ;;
    *) not_ok "$what: '$find' is gone from $file"; return ;;
    esac
    cat "$copy/mutant" >"$copy/$file"
    # shellcheck disable=SC2046,SC2086
    if ! make -s -C "$copy/build" $(targets $by) >"$copy/log" 2>&1; then
        not_ok "$what: does not build" "$copy/log"
    elif check TESTS="$by" >"$copy/log" 2>&1; then
        not_ok "$what: nothing in $by fails"
    else
        ok "$what is noticed by $by"
    fi
    cat "$copy/original" >"$copy/$file"
}

mapfile -t all < <(awk -v RS= '{ gsub(/\n/, "\x1f"); print }' "$list" | grep 'file: ')
field() { sed -n "s/^$1: //p" <<<"$2"; }

tests=$(sed -n 's/^by: //p' "$list" | tr ' ' '\n' | sort -u | tr '\n' ' ')
# shellcheck disable=SC2046,SC2086
if make -s -C "$copy/build" $(targets $tests) >"$copy/log" 2>&1 &&
    check TESTS="$tests" >"$copy/log" 2>&1; then
    ok "without a fault all named tests pass"
else
    not_ok "without a fault all named tests pass" "$copy/log"
    echo "1..$n"
    exit 1
fi
first=$((${GB_MUTATIONS_FIRST:-1} - 1))
for ((i = 0; i < ${#all[@]}; i++)); do
    if [ -n "${GB_MUTATIONS_SECONDS:-}" ] && [ $SECONDS -ge "$GB_MUTATIONS_SECONDS" ]; then
        echo "# $i of ${#all[@]} faults within $SECONDS s; the others were not tried"
        break
    fi
    stanza=${all[(first + i) % ${#all[@]}]}
    stanza=${stanza//$'\x1f'/$'\n'}
    try "$(field what "$stanza")" "$(field file "$stanza")" "$(field find "$stanza")" "$(field put "$stanza")" \
        "$(field by "$stanza")"
done
echo "1..$n"
echo "# $((n - failed)) passed, $failed failed in $SECONDS s"
exit $((failed > 0))
