#!/bin/sh
# A sweep under mpirun has the bytes of one without, however many ranks there are, and loses no finished
# trial when a rank, or rank 0, is killed. The program must be built with MPI; MPIRUN names its mpirun.
# Open MPI is told that root and more ranks than cores are meant.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
hidden=GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F
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
ranks() { n_ranks=$1; shift; timeout 120 $mpirun -n "$n_ranks" gridbourse sweep "$@"; }

echo 1..6
gridbourse sweep grid.yaml -q -o whole.h5
all=0
for count in 1 2 4; do
    ranks $count grid.yaml -q -o r.h5 >out 2>err && cmp -s r.h5 whole.h5 && [ ! -e r.h5.journal ] && rm r.h5 ||
        { all=1; break; }
done
[ $all -eq 0 ]
ok '1, 2 and 4 ranks write the bytes of one process'

# killed RANK: that rank of three is killed amid the sweep, which is then taken up
killed() {
    rm -f k.h5*
    ranks 3 grid.yaml -q -o k.h5 >out 2>err &
    job=$!
    until [ -s k.h5.journal ] && [ "$(wc -c <k.h5.journal)" -gt 100000 ]; do
        kill -0 $job 2>/dev/null || return 1
        sleep 0.05
    done
    for process in $(pgrep -f 'gridbourse sweep grid.yaml -q -o k.h5'); do
        tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | grep -qE "^(OMPI_COMM_WORLD_RANK|PMI_RANK)=$1\$" &&
            kill -KILL "$process"
    done
    wait $job
    [ -s k.h5.journal ] && ranks 3 grid.yaml -q --resume -o k.h5 >out 2>err && cmp -s k.h5 whole.h5
}
killed 2
ok 'a sweep of which a rank is killed is finished by --resume'
killed 0
ok 'so is one of which rank 0 is killed'
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
exit $failed
