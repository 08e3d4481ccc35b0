#!/bin/sh
# A sweep under mpirun has the bytes of one without, however many ranks there are, and loses no finished
# trial when a rank, or rank 0, is killed. The program must be built with MPI; MPIRUN names its mpirun.
# Open MPI is told that root and more ranks than cores are meant.
# GB_RANK_KILLS kills a rank at random so many times (10; .ci/mpi: 40; make check-long: 1000).
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
hidden=GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F
failing=$builddir/tests/failing.so
case $(gridbourse --version | sed -n 's/^MPI  *//p') in
*Open*) mpirun="${MPIRUN:-mpirun.openmpi} --oversubscribe" ;;
*MPICH*) mpirun=${MPIRUN:-mpirun.mpich} ;;
*) echo '1..0 # SKIP the program is built without MPI'; exit 0 ;;
esac

cat >small.yaml <<'EOF2'
format: 1
slots: 4
slot: 2 h
market.open: 1 h
EOF2
printf '%s\n' 'format: 1' 'scenario: small.yaml' 'vary: {market.beta: [0.1, 0.2], meters.count: [4, 40]}' \
    'replications: 400' >grid.yaml
sed 's/400/40/' grid.yaml >short.yaml

# ranks N WORDS...: gridbourse sweep in so many ranks; each leaves its process in pid.RANK
ranks() {
    n_ranks=$1
    shift
    # shellcheck disable=SC2016
    timeout -k 5 "${limit:-300}" $mpirun -n "$n_ranks" sh -c \
        'echo $$ >"pid.${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"; exec gridbourse sweep "$@"' sh "$@"
}
bytes_of() { if [ -e "$1" ]; then wc -c <"$1"; else echo 0; fi; }

echo 1..11
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

# killed RANK BYTES: of three ranks one is killed when the journal has grown by so many bytes. Succeeds
# where the sweep was finished before.
killed() {
    rm -f pid.*
    until_bytes=$(($(bytes_of k.h5.journal) + $2))
    # an mpirun of Open MPI 4 whose ranks are killed may hang without any, deaf to signals
    limit=60 ranks 3 grid.yaml -q --resume -o k.h5 >out 2>err &
    job=$!
    while kill -0 $job 2>/dev/null; do
        [ "$(bytes_of k.h5.journal)" -gt "$until_bytes" ] && { kill -KILL "$(cat "pid.$1")" 2>/dev/null; break; }
        sleep 0.02
    done
    wait $job
}
is_whole() { cmp -s k.h5 whole.h5 && [ ! -e k.h5.journal ] && [ ! -e k.h5.part ]; }
for rank in 2 0; do
    rm -f k.h5*
    ! killed $rank 100000 && [ -s k.h5.journal ] && ranks 3 grid.yaml -q --resume -o k.h5 >out 2>err && is_whole
    ok "a sweep of which rank $rank is killed is finished by --resume"
done

# kills N: kills so many times a rank at random; each time the sweep is taken up, until it is finished
kills() {
    left=$1 random=11 n_finished=0
    rm -f k.h5*
    while [ "$left" -gt 0 ]; do
        random=$(((random * 1103515245 + 12345) % 2147483648))
        if killed $((random / 65536 % 3)) $((random / 65536 / 3 % 600 * 1000)); then
            is_whole || return 1
            rm -f k.h5
            n_finished=$((n_finished + 1))
        else
            grep -qi 'refused\|damaged\|no journal' err && return 1
            left=$((left - 1))
        fi
    done
    ranks 3 grid.yaml -q --resume -o k.h5 >out 2>err && is_whole
}
kills "${GB_RANK_KILLS:-10}"
ok "a sweep of which ranks are killed ${GB_RANK_KILLS:-10} times comes to the same bytes ($n_finished were finished between)"

if [ "$(gridbourse --version | grep libm)" = "$(env "$hidden" gridbourse --version | grep libm)" ]; then
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

printf '%s\n' 'format: 1' 'scenario: small.yaml' 'vary: {market.beta: [0.1, 0.9], meters.count: [6, 8]}' \
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
