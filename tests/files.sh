#!/bin/sh
# What stands on the disk when a file system has no locks, a name is a link, a limit is reached or a
# signal comes: the old files or the new ones, never half of them.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/here" && cd "$work/here" || exit 99
. "$srcdir/tests/failing.sh"

# only NAME...: these files are here and no others
only() {
    for name; do echo "$name"; done | sort >../expected
    ls | sort | diff ../expected - >>../err
}

cat >../small.yaml <<'EOF2'
format: 1
slots: 4
slot: 2 h
market.open: 1 h
meters.count: 6
EOF2
printf '%s\n' 'format: 1' 'scenario: small.yaml' 'vary: {market.beta: [0.1, 0.2]}' >../two.yaml
run="gridbourse run ../small.yaml -q"

echo 1..19

# ---- file systems without locks
if [ -e "$failing" ]; then
    all=0
    for reason in ENOSYS ENOLCK; do
        # shellcheck disable=SC2086
        ends 0 breaking lock:own:1+:$reason $run -o x.h5 --ledger x.ledger &&
            grep -q "^note: the file system of 'x.h5' has no locks" ../err && only x.h5 x.ledger &&
            rm x.* || { all=1; break; }
    done
    [ $all -eq 0 ]
    ok 'where a file system has no locks a run says so and runs'
    ends 0 breaking lock:own:1+:ENOSYS gridbourse sweep ../two.yaml -q -o x.h5 && only x.h5 &&
        grep -q "has no locks" ../err && rm x.h5
    ok 'so does a sweep'
    # compare_locking WORD CODE
    compare_locking() (
        export HDF5_USE_FILE_LOCKING="$1"
        ends "$2" breaking lock:other:1+:ENOLCK gridbourse compare x.h5
    )
    all=0
    # shellcheck disable=SC2086
    $run -o x.h5
    for reason in ENOSYS ENOLCK; do
        (unset HDF5_USE_FILE_LOCKING; ends 0 breaking lock:other:1+:$reason gridbourse compare x.h5) ||
            { all=1; break; }
    done
    # of ENOSYS HDF5 takes it that no lock is needed, whatever it is told
    [ $all -eq 0 ] && compare_locking TRUE 2 && grep -q 'set HDF5_USE_FILE_LOCKING=FALSE to read it' ../err &&
        compare_locking FALSE 0 && rm x.h5
    ok 'a result is read there; where HDF5 is told to want a lock, the message names the cure'
    all=0
    for what in lock:own:1:EIO lock:own:1:EMFILE lock:own:2:EIO; do
        # shellcheck disable=SC2086
        ends 1 breaking $what $run -o x.h5 --ledger x.ledger && only || { all=1; break; }
    done
    [ $all -eq 0 ]
    ok 'a file that cannot be locked does not stay'
    # shellcheck disable=SC2086
    ends 1 breaking lock:own:1:EIO $run -o x.h5 && grep -q "the result 'x.h5': Input/output error" ../err &&
        ends 1 breaking lock:own:1:EMFILE $run -o x.h5 && grep -q "the result 'x.h5': Too many open files" ../err &&
        ends 1 breaking lock:own:2:EIO $run -o x.h5 --ledger x.l &&
        grep -q "cannot write the ledger 'x.l': Input/output error" ../err && only
    ok 'and why keeps its own name'
else
    for i in 1 2 3 4 5; do skip "calls that fail ($i)" 'no library can be preloaded here'; done
fi

# ---- symbolic links
mkdir real
ln -s real/r.h5 x.h5
ln -s ../here/real/l.ledger x.ledger
# shellcheck disable=SC2086
ends 0 $run -o x.h5 --ledger x.ledger && [ -L x.h5 ] && [ -L x.ledger ] && only real x.h5 x.ledger &&
    [ "$(ls real | tr '\n' ' ')" = 'l.ledger r.h5 ' ]
ok 'a link that leads to nothing yet stays a link, and its file is made'
cp real/r.h5 ../first.h5
ln -s "$PWD/x.h5" y.h5
# shellcheck disable=SC2086
ends 0 $run -o y.h5 --seed 7 && [ -L y.h5 ] && [ -L x.h5 ] && ! cmp -s real/r.h5 ../first.h5 &&
    [ "$(ls real | tr '\n' ' ')" = 'l.ledger r.h5 ' ] && ends 0 gridbourse compare y.h5
ok 'a link to a link leads to the file that is replaced'
# shellcheck disable=SC2086
ends 2 $run -o y.h5 --ledger x.h5 && grep -q 'are the same file' ../err
ok 'two links to one file are one file'
rm -f ./*.h5 ./*.ledger
ln -s a.h5 b.h5
ln -s b.h5 a.h5
all=0
# shellcheck disable=SC2086
ends 1 $run -o a.h5 && grep -q "cannot write 'a.h5': its symbolic links lead round in a circle" ../err &&
    ends 1 $run -o c.h5 --ledger b.h5 && grep -q "'b.h5': its symbolic links lead round" ../err &&
    ends 1 gridbourse sweep ../two.yaml -o a.h5 && grep -q 'round in a circle' ../err &&
    ends 1 gridbourse book real/r.h5 --slot 1 -o a.h5 && grep -q 'round in a circle' ../err &&
    only a.h5 b.h5 real
ok 'links that lead round in a circle are refused in words'
rm -f ./*.h5
ln -s real/b.csv b.csv
ends 0 gridbourse book real/r.h5 --slot 1 -o b.csv && [ -L b.csv ] && [ -s real/b.csv ] &&
    ln -s real/t.csv t.csv && ends 0 gridbourse clear b.csv -o t.csv && [ -L t.csv ] && [ -s real/t.csv ]
ok 'book and clear follow links as well'
mkdir figures
ln -s ../real/users.dat figures/users.dat
ends 0 gridbourse figures real/r.h5 -d figures --only users --format svg && [ -L figures/users.dat ] &&
    [ -s real/users.dat ] && ! ls figures/*.part >/dev/null 2>&1
ok 'so do figures'
rm -rf figures b.csv t.csv
cp ../small.yaml ../somebodys
ln -s "$work/somebodys" x.h5.part
# shellcheck disable=SC2086
ends 2 $run -o x.h5 && grep -q "'x.h5.part' is a symbolic link" ../err && cmp -s ../somebodys ../small.yaml
ok 'a link in the place of a name that is needed leads nobody to overwrite a file of his'
rm -rf x.h5.part real
# shellcheck disable=SC2086
$run -o x.h5 && gridbourse book x.h5 --slot 1 -o /dev/stdout >book.csv 2>../err &&
    gridbourse book x.h5 --slot 1 | cmp - book.csv >../out 2>&1 && only book.csv x.h5
ok 'the standard output can be named, be it a file or not'
rm -f ./*

# ---- limits and signals
# shellcheck disable=SC2086
$run --seed 7 -o x.h5 --ledger x.ledger && cp x.h5 ../old.h5 && cp x.ledger ../old.ledger
all=0
for limit in 0 1 4 20 60 200; do
    # what is said goes through a pipe, which has no limit
    # shellcheck disable=SC2086
    (ulimit -f $limit; $run -o x.h5 --ledger x.ledger --set chain.crypto=real 2>&1; echo "exit $?") |
        cat >../err
    grep -q 'File too large' ../err && grep -q '^exit 1$' ../err && only x.h5 x.ledger &&
        cmp -s x.h5 ../old.h5 && cmp -s x.ledger ../old.ledger || { all=1; break; }
done
[ $all -eq 0 ]
ok 'a file beyond the limit of its size is an error in words, and the old ones stay'
rm -f ./*
long="gridbourse run ../small.yaml --set days=30000 --set slots=0 --set output.level=summary"
all=0
for signal in HUP INT TERM XCPU USR1 USR2; do
    # shellcheck disable=SC2086
    timeout -s $signal 1 $long -q -o x.h5 --ledger x.ledger >../out 2>../err
    grep -q 'interrupted' ../err && only || { all=1; break; }
done
[ $all -eq 0 ]
ok 'what a batch system sends before it kills ends a run cleanly'
mkfifo pipe
(sleep 1 && head -c 1 pipe >/dev/null) &
# shellcheck disable=SC2086
timeout 60 $long --set days=1 -o x.h5 >pipe 2>../err
ok_status=$?
wait
[ $ok_status -eq 0 ] || [ $ok_status -eq 141 ] && rm pipe && only x.h5
ok 'a run whose reader has gone still has its result'
(gridbourse compare x.h5; echo $? >../code) 2>../err | true
[ "$(cat ../code)" -eq 141 ] && [ ! -s ../err ]
ok 'output whose reader has gone ends a command without a word'
(gridbourse run ../small.yaml -o y.h5; echo $? >../code) 2>../err | true
[ "$(cat ../code)" -eq 141 ] && [ ! -s ../err ] && only x.h5 y.h5
ok 'and a run as well, when its result is whole'
(trap '' PIPE; gridbourse compare x.h5; echo $? >../code) 2>../err | true
[ "$(cat ../code)" -eq 1 ] && grep -q 'cannot write the output: Broken pipe' ../err
ok 'where that signal is ignored it is said in words'
exit $failed
