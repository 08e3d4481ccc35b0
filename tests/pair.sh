#!/bin/sh
# A result and the ledger of its run belong together, and a run that is killed leaves both old or both
# new, if need be with the help of the next command that reads either. GB_KILLS=all kills at every
# step, and at 100 moments beside (make check-long).
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/here" "$work/old" "$work/new" "$work/left" && cd "$work/here" || exit 99
. "$srcdir/tests/failing.sh"
steps=open+sync+rename+truncate+unlink+lock

cat >../small.yaml <<'EOF2'
format: 1
slots: 4
slot: 2 h
market.open: 1 h
meters.count: 6
EOF2
run() { gridbourse run ../small.yaml -q --seed 7 -o x.h5 --ledger x.ledger "$@"; }

echo 1..14
run --seed 1 && mv x.h5 x.ledger ../old && run && mv x.h5 x.ledger ../new

# ---- what belongs together
ends 0 gridbourse compare ../new/x.h5 --ledger ../new/x.ledger && [ ! -s ../err ]
ok 'compare is content with the ledger of the same run'
ends 1 gridbourse compare ../new/x.h5 --ledger ../old/x.ledger && [ ! -s ../out ] &&
    grep -qE "'../new/x.h5' and '../old/x.ledger' come from different runs: .* [0-9a-f]{64}, .* [0-9a-f]{64}" ../err
ok 'and names that of another'
head=$(gridbourse ledger verify ../new/x.ledger | sed -n 's/^  head *//p')
gridbourse run ../small.yaml -q --seed 7 -o alone.h5 && cmp alone.h5 ../new/x.h5 >../out 2>&1 &&
    gridbourse compare alone.h5 --ledger ../old/x.ledger 2>&1 | grep -q "chain ends with $head"
ok 'the head is that of the ledger, whether one is kept or not'
ends 1 gridbourse ledger verify ../new/x.ledger --result ../old/x.h5 && grep -q 'different runs' ../err &&
    gridbourse ledger verify ../new/x.ledger --result ../new/x.h5 | grep -q 'new/x.h5 is of the same run'
ok 'so does ledger verify'
cp ../old/x.h5 . && cp ../new/x.ledger .
all=0
for command in 'compare x.h5' 'ledger verify x.ledger' 'ledger show x.ledger' \
    'ledger trace x.ledger --meter 1'; do
    # shellcheck disable=SC2086
    gridbourse $command 2>&1 >../out </dev/null | grep -qE "^note: 'x\.(h5|ledger)' beside 'x" ||
        { all=1; break; }
done
[ $all -eq 0 ]
ok 'a stranger beside a file under its name is noted by whatever reads it'
head -c 5000 x.ledger >cut.ledger
ends 2 gridbourse compare x.h5 --ledger ../small.yaml && grep -q 'is no whole ledger' ../err &&
    ends 2 gridbourse compare x.h5 --ledger cut.ledger && grep -q 'is no whole ledger' ../err
ok 'what is no ledger is named'
gridbourse run ../small.yaml -q -o ideal.h5 --set chain.protocol=ideal &&
    ends 1 gridbourse compare ideal.h5 --ledger x.ledger && grep -q 'names no head of a chain' ../err
ok 'without a chain there is no head'

# ---- killed
# state FOLDER: which files stand there, "old old", "new old", ...
state() {
    for file in x.h5 x.ledger; do
        if cmp -s "$1/$file" "../old/$file"; then echo old
        elif cmp -s "$1/$file" "../new/$file"; then echo new
        else echo neither; fi
    done | tr '\n' ' '
}
start() { rm -rf ./* && cp ../old/* .; }

# killed N COMMAND...: the command is killed at the N-th step. Succeeds where it was.
killed() (
    GB_FAIL=$steps:own:$1:KILL
    shift
    export GB_FAIL
    LD_PRELOAD=$failing "$@" >/dev/null 2>&1
    [ $? -eq 137 ]
) 2>/dev/null

# mends COMMAND...: the command leads to both old or both new, and no note stays beside what it read
mends() {
    before=$(state .)
    "$@" >../out 2>../err
    after=$(state .)
    echo "before $before, after $after: $(ls)" >>../err
    case "$before:$after" in
    'old old :old old ' | 'new new :new new ') ;;
    'new old :new new ') grep -q 'both are the new ones now' ../err || return 1 ;;
    *) return 1 ;;
    esac
}

run_7() { exec gridbourse run ../small.yaml -q --seed 7 -o x.h5 --ledger x.ledger; }
if [ -e "$failing" ]; then
    start
    export GB_FAIL=$steps:own:0:KILL GB_FAIL_COUNT=../count
    (export LD_PRELOAD="$failing"; run_7)
    unset GB_FAIL GB_FAIL_COUNT
    n_steps=$(cat ../count)
    first=$((n_steps - 20))
    stride=4
    [ "$GB_KILLS" = all ] && first=1 stride=1
    [ "$n_steps" -gt 30 ] && [ "$(state .)" = 'new new ' ]
    ok "a run has $n_steps steps at which it may be killed"

    all=0 between=0
    for step in $(seq $first "$n_steps"); do
        start
        killed "$step" gridbourse run ../small.yaml -q --seed 7 -o x.h5 --ledger x.ledger ||
            { echo "step $step did not come" >../err; all=1; break; }
        [ "$(state .)" = 'new old ' ] && between=$((between + 1))
        rm -rf ../left && cp -r . ../left
        mends gridbourse compare x.h5 && rm -rf ./* && cp ../left/* . &&
            mends gridbourse ledger show x.ledger && [ ! -e x.ledger.pair ] || { all=1; break; }
    done
    [ $all -eq 0 ]
    ok 'killed at a step it leaves both old or both new, after the next command at the latest'
    [ $between -gt 0 ]
    ok 'though there are steps between the two'

    all=0
    for step in $((n_steps - 12)) $((n_steps - 6)); do
        for second in $(seq 1 $stride 40); do
            start
            killed "$step" gridbourse run ../small.yaml -q --seed 7 -o x.h5 --ledger x.ledger
            killed "$second" gridbourse compare x.h5 || break
            mends gridbourse ledger show x.ledger || { all=1; break 2; }
        done
    done
    [ $all -eq 0 ]
    ok 'even if that one is killed as well'

    start
    killed $((n_steps - 6)) gridbourse run ../small.yaml -q --seed 7 -o x.h5 --ledger x.ledger
    [ "$(state .)" = 'new old ' ] && mkdir moved && mv x.* moved && gridbourse compare moved/x.h5 >../out 2>../err
    [ "$(state moved)" = 'new new ' ] && [ "$(ls moved | tr '\n' ' ')" = 'x.h5 x.ledger ' ]
    ok 'in a folder that has moved as well'

    start
    mkdir apart && mv x.ledger apart && ln -s apart/x.ledger x.ledger
    killed $((n_steps - 6)) gridbourse run ../small.yaml -q --seed 7 -o x.h5 --ledger x.ledger
    [ -L x.ledger ] && [ "$(state .)" = 'new old ' ] && mends gridbourse ledger show x.ledger && [ -L x.ledger ]
    ok 'and in two folders, behind a link'

    start
    GB_FAIL=rename:own:2:EIO LD_PRELOAD=$failing ends 1 run
    status=$?
    [ $status -eq 0 ] && grep -q "cannot write the ledger 'x.ledger': Input/output error" ../err &&
        grep -q "its ledger is kept as 'x.ledger.part'" ../err && [ "$(state .)" = 'new old ' ] &&
        mends gridbourse compare x.h5
    ok 'a ledger that cannot follow its result is named, and follows later'
else
    for i in 8 9 10 11 12 13 14; do skip "killed runs ($i)" 'no library can be preloaded here'; done
fi

# ---- killed at any moment
if [ "$GB_KILLS" = all ]; then
    all=0 n_kills=0
    while [ $n_kills -lt 100 ]; do
        start
        run_7 &
        pid=$!
        sleep "0.$(printf %03d $((n_kills * 37 % 120)))"
        kill -9 $pid 2>/dev/null
        wait $pid 2>/dev/null
        n_kills=$((n_kills + 1))
        mends gridbourse compare x.h5 && mends gridbourse ledger show x.ledger || { all=1; break; }
    done
    [ $all -eq 0 ] || { echo "after $n_kills kills" >>../err; cat ../err >&2; exit 1; }
    echo "# $n_kills kills at any moment"
fi
exit $failed
