#!/bin/sh
# Memory, writes and every other call of the system fail at the n-th call of small commands: the
# command says so in words and exits with 1, or does without; older files stay as they were, nothing
# is left beside them, and no signal ends it. A sanitized build looks for leaks as well.
# GB_FAULTS=SECONDS walks through every n of the program's own calls, and of its libraries'
# allocations through the first 200 and every 50th, within that time (make check-faults); without it
# a part of them is tried.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/here" "$work/old" "$work/bin" && cd "$work/here" || exit 99
. "$srcdir/tests/tap.sh"
failing=$builddir/tests/failing.so
[ -e "$failing" ] || { echo '1..0 # SKIP no library can be preloaded here'; exit 0; }
# the preloaded library stands before the sanitizer's; what is leaked shows in the exit code
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=1:allocator_may_return_null=1
export ASAN_OPTIONS
gridbourse=$(command -v gridbourse)
ln -s "$gridbourse" "$work/bin/gridbourse"

cat >../small.yaml <<'EOF2'
format: 1
slots: 3
slot: 2 h
market.open: 1 h
meters.count: 4
EOF2
printf '%s\n' 'format: 1' 'scenario: small.yaml' 'vary: {market.beta: [0.1, 0.2]}' >../two.yaml
(cd ../old && gridbourse run ../small.yaml -q -o x.h5 --ledger x.ledger &&
    gridbourse book x.h5 --slot 1 -o x.csv && PATH=$work/bin gridbourse figures x.h5 -d . >/dev/null 2>&1 &&
    gridbourse clear x.csv -o t.csv)
cp -r ../old ../first
# what the commands read, and what they replace
commands='run sweep compare figures book clear show'
command_of() {
    case $1 in
    run) echo run ../small.yaml -q --seed 7 -o x.h5 --ledger x.ledger ;;
    sweep) echo sweep ../two.yaml -q --threads 1 -o x.h5 ;;
    compare) echo compare x.h5 --ledger x.ledger ;;
    figures) echo figures x.h5 -d . --format svg ;;
    book) echo book x.h5 --slot 1 -o x.csv ;;
    clear) echo clear x.csv -o t.csv ;;
    show) echo ledger show x.ledger ;;
    esac
}

start() { rm -rf ../here/* && cp ../old/* .; }

# breaking PLAN ARGUMENT...: gridbourse with calls failing, and no gnuplot in its way
breaking() (
    plan=$1
    shift
    exec timeout 60 env PATH="$work/bin" LD_PRELOAD="$failing" GB_FAIL="$plan" GB_FAIL_COUNT=../count \
        "$gridbourse" "$@"
) >../out 2>../err </dev/null

# same FOLDER: the files here are those of the folder beside
same() { diff -rq "../$1" . >>../err; }

# try COMMAND PLAN: was it survived?
try() {
    # shellcheck disable=SC2046
    breaking "$2" $(command_of "$1")
    code=$?
    tries=$((tries + 1))
    case $code:$2 in
    0:*) { same "after.$1" && cmp -s ../out "../out.$1"; } || is_equal "$1" "$2" ;;
    1:* | 2:open* | 2:read*) grep -q '^gridbourse: .' ../err && { same old || is_kept "$1" || is_unsaid "$1"; } ;;
    *) false ;;
    esac
    status=$?
    [ $status -eq 0 ] || echo "$1 with GB_FAIL=$2: exit $code: $(head -c 300 ../err | tr '\n' '|')" >>../bad
    [ $code -eq 1 ] && same old || start
    return $status
}

# Where zlib finds no memory HDF5 stores a chunk as it is: other bytes, the same result.
is_equal() {
    case $1:$2 in
    run:*other* | sweep:*other*)
        gridbourse compare x.h5 --csv >../ours 2>&1 && gridbourse compare "../after.$1/x.h5" --csv >../theirs 2>&1 &&
            cmp -s ../ours ../theirs ;;
    *) false ;;
    esac
}

# All is written, and what is said about it did not arrive.
is_unsaid() {
    grep -q '^gridbourse: cannot write the output' ../err && same "after.$1"
}

# A ledger that could not follow its result, or a sweep's journal, is kept and named.
is_kept() {
    case $1 in
    run) grep -q 'its ledger is kept as' ../err && gridbourse compare x.h5 2>&1 >../out | grep -q 'both are the new ones' ;;
    sweep)              # of its trials some may fail, and the others are the result
        if grep -qE 'are kept in|HDF5 crashed' ../err; then [ -s x.h5.journal ] && cmp -s x.h5 ../old/x.h5
        else grep -q '^gridbourse: trial .* failed: ' ../err && gridbourse compare x.h5 >../out 2>&1 && [ ! -e x.h5.part ]; fi ;;
    *) false ;;
    esac
}

# walk COMMAND KIND:WHO REASON FIRST LAST STRIDE: every STRIDE-th call, then those between, in time
walk() {
    offset=0 until=$(($(date +%s) + seconds / 24 + 1))
    while [ $offset -lt "$6" ]; do
        number=$(($4 + offset))
        while [ $number -le "$5" ]; do
            try "$1" "$2:$number:$3"
            [ -z "$GB_FAULTS" ] || [ "$(date +%s)" -lt $until ] || { cut=$((cut + 1)); return; }
            number=$((number + $6))
        done
        [ -n "$GB_FAULTS" ] || return   # a part is enough
        offset=$((offset + 1))
    done
}

# campaign COMMAND KIND WHO REASON PARTS: through the calls there are, about PARTS of them without GB_FAULTS
campaign() {
    # shellcheck disable=SC2046
    breaking "$2:$3:0:$4" $(command_of "$1")
    calls=$(cat ../count)
    start
    stride=$((calls / $5 + 1))
    if [ "$3" = other ]; then
        walk "$1" "$2:$3" "$4" 1 200 $((200 / $5 + 1))
        walk "$1" "$2:$3" "$4" 250 "$calls" $((stride > 50 ? stride / 50 * 50 : 50))
    else
        walk "$1" "$2:$3" "$4" 1 "$calls" $stride
    fi
}

seconds=${GB_FAULTS:-0} tries=0 cut=0
start
for name in $commands; do
    # shellcheck disable=SC2046
    breaking alloc:own:0:ENOMEM $(command_of "$name") || exit 99
    cp ../out "../out.$name"
    cp -r . "../after.$name"
    start
done

echo 1..7
for name in $commands; do
    : >../bad
    campaign "$name" alloc own ENOMEM 8
    for plan in write:ENOSPC sync:EIO rename:EIO open:EMFILE truncate:EIO lock:EIO; do
        case $name:$plan in
        compare:sync* | compare:rename* | compare:truncate* | compare:lock*) ;;
        show:sync* | show:rename* | show:truncate* | show:lock*) ;;
        *) campaign "$name" "${plan%:*}" own "${plan#*:}" 2 ;;
        esac
    done
    # HDF5 crashes where it finds no memory; what catches that leaves sanitized programs alone
    case $GB_COMPILE in
    *-fsanitize*) ;;
    *) campaign "$name" alloc other ENOMEM 2 ;;
    esac
    n_bad=$(wc -l <../bad)
    head -n 20 ../bad >../err
    [ "$n_bad" -eq 0 ]
    ok "$name survives what fails"
    echo "# $tries tries so far, $n_bad bad"
done
[ $cut -eq 0 ] || echo "# the time ended $cut walks before their last call"
exit $failed
