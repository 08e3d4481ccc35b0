#!/bin/bash
# Seeds one fault after the other into a copy of the sources, builds it, and holds that the tests named
# beside the fault fail. A test that no fault can make fail proves nothing; a fault that no test
# notices will be made one day.
#   tests/mutations/run.sh BUILD_FOLDER [LIST]
#   GB_MUTATIONS_SECONDS   stop beginning new ones after so many seconds; default: none
#   GB_MUTATIONS_FIRST     begin with this one of the list, from 1, and go round; default 1
# Every core takes the next of them in turn, in a copy of its own. Before a test is expected to fail it must
# pass once without a fault.
# LIST holds stanzas of lines `what:`, `file:`, `find:`, `put:`, `by:`, blank lines between. `find` is text that
# stands on exactly one line of the file, of which `put` takes its place: a fault whose text is gone
# fails, so that the list keeps up with the code. `by` names tests as make check knows them.
set -u
build=$(cd "${1:?usage: run.sh BUILD_FOLDER [LIST]}" && pwd) || exit 99
source=$(cd "$(dirname "$0")/../.." && pwd)
list=${2:-$source/tests/mutations/list.txt}
copies=$(mktemp -d) || exit 99
trap 'rm -rf "$copies"' EXIT
trap 'exit 1' INT TERM HUP
workers=$(getconf _NPROCESSORS_ONLN)
. "$source/tests/mutations/stanzas.sh"

ok() { echo "ok $number - $1"; }
not_ok() { echo "not ok $number - $1"; sed 's/^/# /' "${2:-/dev/null}" | tail -n 15; }

# The sources with their times, so that make sees only what a fault touches.
mkdir -p "$copies/1/build" || exit 99
(cd "$source" && tar -cf - --exclude-vcs --exclude=./build --exclude='./build.*' --exclude=./out .) |
    tar -xf - -C "$copies/1" || exit 99
(cd "$build" && tar -cf - --exclude='./build.*' --exclude='./gridbourse-*' .) | tar -xf - -C "$copies/1/build" || exit 99
for ((worker = 2; worker <= workers; worker++)); do
    cp -a "$copies/1" "$copies/$worker" || exit 99
done

# Shell tests are no targets, the program they run is; C tests are both. (What else a shell test runs, its log
# depends on.)
targets() {
    echo gridbourse
    programs "$@"
}
programs() { for test in "$@"; do case $test in *.sh) ;; *) echo "$test" ;; esac; done; }

# The copied build still names the folder it was made in: tests in the shell would run the program there,
# which has no fault. No other test is linked anew.
#   check TEST ...
check() {
    make -s -C "$copy/build" abs_top_builddir="$copy/build" abs_top_srcdir="$copy" check-TESTS TESTS="$*" \
        check_PROGRAMS="$(programs "$@" | tr '\n' ' ')" check_LIBRARIES=
}

# passes TEST ...: without a fault; each is run once
passes() {
    local new=
    for test in "$@"; do case $passed in *" $test "*) ;; *) new="$new $test" ;; esac; done
    # shellcheck disable=SC2046,SC2086
    [ -z "$new" ] || { make -s -C "$copy/build" $(targets $new) && check $new; } >"$copy/log" 2>&1 || return 1
    passed="$passed$new "
}

try() {
    local what=$1 file=$2 find=$3 put=$4 by=$5 status
    # shellcheck disable=SC2086
    passes $by || { not_ok "$what: without it, too, some of $by fails" "$copy/log"; return; }
    cp -p "$copy/$file" "$copy/original" 2>"$copy/log" || { not_ok "$what: no file '$file'"; return; }
    replaced "$copy/$file" "$find" "$put" >"$copy/mutant"
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
    elif check $by >"$copy/log" 2>&1; then
        not_ok "$what: nothing in $by fails"
    else
        ok "$what is noticed by $by"
    fi
    cat "$copy/original" >"$copy/$file"
}

mapfile -t all < <(stanzas "$list")

# work WORKER: every so manyth fault, in its copy
work() {
    local i stanza number
    copy=$copies/$1 passed=' '
    for ((i = $1 - 1; i < ${#all[@]}; i += workers)); do
        [ -z "${GB_MUTATIONS_SECONDS:-}" ] || [ $SECONDS -lt "$GB_MUTATIONS_SECONDS" ] || break
        number=$((i + 1))
        stanza=${all[(first + i) % ${#all[@]}]}
        stanza=${stanza//$'\x1f'/$'\n'}
        try "$(field what "$stanza")" "$(field file "$stanza")" "$(field find "$stanza")" "$(field put "$stanza")" \
            "$(field by "$stanza")"
    done
}

first=$((${GB_MUTATIONS_FIRST:-1} - 1))
for ((worker = 1; worker <= workers; worker++)); do work $worker >"$copies/$worker.tap" & done
wait
cat "$copies"/*.tap
n=$(cat "$copies"/*.tap | grep -cE '^(not )?ok ')
failed=$(cat "$copies"/*.tap | grep -c '^not ok ')
[ "$n" -eq ${#all[@]} ] || echo "# $n of ${#all[@]} faults within $SECONDS s; the others were not tried"
echo "1..$n"
echo "# $((n - failed)) passed, $failed failed in $SECONDS s"
exit $((failed > 0 || n == 0))
