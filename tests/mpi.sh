#!/bin/sh
# A sweep under mpirun has the bytes of one without, however many ranks there are, and loses no finished
# trial when a rank, or rank 0, is killed. The program must be built with MPI; MPIRUN names its mpirun.
# Open MPI is told that root and more ranks than cores are meant.
# GB_RANK_KILLS kills a rank at random so many times (10; .ci/mpi: 40; make check-long: 1000): each takes mpirun
# two or three seconds.
. "$srcdir/tests/sweep_files.sh"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
case $(gridbourse --version | sed -n 's/^MPI  *//p') in
*Open*) mpirun="${MPIRUN:-mpirun.openmpi} --oversubscribe" ;;
*MPICH*) mpirun=${MPIRUN:-mpirun.mpich} ;;
*) echo '1..0 # SKIP the program is built without MPI'; exit 0 ;;
esac

longer='set: {slots: 4, chain.protocol: pbft}'
sweep_of 'market.beta: [0.1, 0.2], meters.count: [4, 40]' "$longer" 'replications: 400' >grid.yaml
sed 's/400/40/' grid.yaml >short.yaml

# ranks N WORDS...: gridbourse sweep in so many ranks; each leaves its process in pid.RANK, mpirun in pid.mpirun
# shellcheck disable=SC2016
ranks() {
    n_ranks=$1
    shift
    timeout -k 5 300 sh -c 'echo $$ >pid.mpirun; exec "$@"' sh $mpirun -n "$n_ranks" sh -c \
        'echo $$ >"pid.${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"; exec gridbourse sweep "$@"' sh "$@"
}

echo 1..13
gridbourse --version | grep -qE '^MPI +(Open MPI v|MPICH )[0-9]+(\.[0-9a-z]+)+$'
ok '--version names the MPI and its version'
gridbourse sweep grid.yaml -q -o whole.h5
all=0
for count in 1 2 4; do
    ranks $count grid.yaml -q -o r.h5 >out 2>err && cmp -s r.h5 whole.h5 && [ ! -e r.h5.journal ] && rm r.h5 ||
        { all=1; break; }
done
[ $all -eq 0 ]
ok '1, 2 and 4 ranks write the bytes of one process'

# within SECONDS COMMAND...: waits until it succeeds, but no longer than that
within() {
    looks=$(($1 * 20))
    shift
    until "$@"; do
        looks=$((looks - 1))
        [ $looks -gt 0 ] || return 1
        sleep 0.05
    done
}
# one that is dead, and that nobody has waited for, does not live
lives() { grep -qs '^State:.[^XZ]' "/proc/$1/status"; }
is_gone() { ! kill -0 "$1" 2>/dev/null; }
ranks_are_gone() {
    for pid in $(cat pid.[0-9] 2>/dev/null); do
        lives "$pid" && return 1
    done
    return 0
}
has_grown() { [ "$(bytes_of k.h5.journal)" -gt "$1" ]; }

# killed RANK BYTES: three ranks take the sweep up, and one is killed when the journal has grown by so many bytes.
# $before: bytes of the journal; $is_killed: no where the sweep was finished before; $status: of mpirun.
# An mpirun that does not end when its rank is dead is killed and counted, for it is not under test; one of
# which no rank was killed is.
killed() {
    rm -f pid.*
    before=$(bytes_of k.h5.journal) is_killed=no
    ranks 3 grid.yaml -q --resume -o k.h5 >out 2>err &
    job=$!
    until is_gone $job; do
        has_grown $((before + $2)) && kill -KILL "$(cat "pid.$1")" 2>/dev/null && { is_killed=yes; break; }
        sleep 0.02
    done
    [ $is_killed = no ] || within 20 is_gone $job ||
        { n_hung=$((n_hung + 1)); kill -KILL "$(cat pid.mpirun)"; }
    wait $job
    status=$?
    # whoever mpirun leaves behind has the lock of the journal
    within 5 ranks_are_gone || cat pid.[0-9] | xargs kill -KILL 2>/dev/null
}
is_whole() { cmp -s k.h5 whole.h5 && [ ! -e k.h5.journal ] && [ ! -e k.h5.part ]; }
n_hung=0
for rank in 2 0; do
    rm -f k.h5*
    killed $rank 100000
    [ $is_killed = yes ] && [ -s k.h5.journal ] && ranks 3 grid.yaml -q --resume -o k.h5 >out 2>err && is_whole
    ok "a sweep of which rank $rank is killed is finished by --resume"
done
ranks 3 grid.yaml --resume -o k.h5 >out 2>err && [ "$(cat out)" = 'all 1600 trials are in k.h5 already' ] && is_whole
ok 'ranks that are to go on with a finished sweep say so once, and end'

# a journal loses a record that was cut off, of 1600 bytes, and no other
loses_nothing() { [ "$(bytes_of k.h5.journal)" -gt $((before - 2000)) ] || is_whole; }
# account RANK BYTES: for whoever asks what went wrong
account() {
    echo "round $round: rank $1, to be killed $2 bytes after $before of the journal (killed: $is_killed): exit $status;" \
        "k.h5 has $(bytes_of k.h5) bytes of $(bytes_of whole.h5), its journal $(bytes_of k.h5.journal), its .part $(bytes_of k.h5.part)" >>err
}
# survives RANK BYTES: one round, after which the sweep is finished, or a rank is dead and nothing lost
survives() {
    killed "$1" "$2"
    if [ $status -eq 0 ]; then
        is_whole && rm k.h5 && n_finished=$((n_finished + 1))
    else
        [ $is_killed = yes ] && left=$((left - 1)) && loses_nothing && ! grep -qi 'refused\|damaged\|no journal' err
    fi
}
# kills N: kills so many times a rank at random; each time the sweep is taken up, and begun again where it is
# finished. A machine that finishes most of them before there is somebody to kill does not test this.
kills() {
    left=$1 random=11 round=0
    rm -f k.h5*
    while [ "$left" -gt 0 ]; do
        round=$((round + 1)) random=$(((random * 1103515245 + 12345) % 2147483648))
        rank=$((random / 65536 % 3)) bytes=$((random / 65536 / 3 % 600 * 1000))
        [ $round -le $((4 * $1)) ] && survives $rank $bytes || { account $rank $bytes; return 1; }
    done
    ranks 3 grid.yaml -q --resume -o k.h5 >out 2>err && is_whole || { account none 0; return 1; }
}
n_finished=0 n_hung=0
kills "${GB_RANK_KILLS:-10}"
ok "a sweep of which ranks are killed ${GB_RANK_KILLS:-10} times comes to the same bytes ($n_finished were finished between, mpirun hung $n_hung times)"

if hides_nothing; then
    skip 'a rank on another kind of processor is named' 'this libm computes the same without these instructions'
else
    $mpirun -n 1 gridbourse sweep grid.yaml -q -o x.h5 : -n 1 env "$hidden" gridbourse sweep grid.yaml -q -o x.h5 >out 2>err
    grep -q 'rank 1 on .* computes with another libm, or on another kind of processor, than rank 0' err && [ ! -e x.h5 ]
    ok 'a rank on another kind of processor is named'
fi
ranks 2 none.yaml >out 2>err
[ "$(grep -c "cannot open 'none.yaml'" err)" -eq 1 ]
ok 'what keeps all ranks from their work is said once'
ranks 2 grid.yaml --shard 1/2 -q -o a.h5 >out 2>err && gridbourse sweep grid.yaml --shard 2/2 -q -o b.h5 &&
    gridbourse merge -q -o m.h5 a.h5 b.h5 && cmp -s m.h5 whole.h5
ok 'a shard may run under ranks'

sweep_of 'market.beta: [0.1, 0.9], meters.count: [6, 8]' "$longer" \
    'until: {kpi: saving, half_width: 0.12, pilot: 30, max: 90}' >until.yaml
gridbourse sweep until.yaml -q -o until.h5
all=0
for count in 1 2 4; do
    ranks $count until.yaml -q -o u.h5 >out 2>err && cmp -s u.h5 until.h5 && [ ! -e u.h5.journal ] && rm u.h5 ||
        { all=1; break; }
done
[ $all -eq 0 ]
ok 'ranks wait until the pilot has fixed the number of replications'

# every look that finds nothing is followed by a sleep, in rank 0 and in ranks that have no trial
$mpirun -n 3 env GB_LOOKS="$work/looks" LD_PRELOAD="$builddir/tests/mpi_looks.so" \
    gridbourse sweep grid.yaml -q --trial 1 -o l.h5 >out 2>err
cp looks out
[ "$(wc -l <looks)" -eq 3 ] && [ "$(awk '$1 == 0 && $2 > 0 && $2 - $3 == $4' looks | wc -l)" -eq 1 ]
ok 'a rank that waits sleeps after each look for a message that is not there'
rm looks
$mpirun -n 3 env GB_LOOKS="$work/looks" LD_PRELOAD="$builddir/tests/mpi_looks.so" \
    gridbourse sweep short.yaml -q -o l.h5 --restart >out 2>err
cp looks out
[ "$(awk '{ waiting += $5; not_waiting += $6 } END { print waiting + 0, (not_waiting > 0) }' looks)" = '0 1' ]
ok 'no rank waits until rank 0 has taken a record'

# without memory rank 0 ends all ranks, whatever it was at: none waits for it for ever, and what was
# finished is taken up
if [ -e "$failing" ]; then
    gridbourse sweep short.yaml -q -o part.h5
    $mpirun -n 1 env GB_FAIL=alloc:own:0:ENOMEM GB_FAIL_COUNT="$work/count" LD_PRELOAD="$failing" \
        gridbourse sweep short.yaml -q -o n.h5 >out 2>err
    all=0
    for share in 40 20 10 5; do
        rm -f n.h5*
        timeout 60 $mpirun -n 1 env GB_FAIL="alloc:own:$(($(cat count) / share))+:ENOMEM" LD_PRELOAD="$failing" \
            gridbourse sweep short.yaml -q -o n.h5 : -n 2 gridbourse sweep short.yaml -q -o n.h5 >out 2>err
        status=$?
        [ $status -lt 124 ] && ranks 2 short.yaml -q --resume -o n.h5 >out 2>err && cmp -s n.h5 part.h5 ||
            { echo "from call $(cat count) / $share on: exit $status" >>err; all=1; break; }
    done
    [ $all -eq 0 ]
    ok 'ranks whose rank 0 has no memory left end, and are taken up'
else
    skip 'ranks whose rank 0 has no memory left end' 'no library can be preloaded here'
fi
exit $failed
