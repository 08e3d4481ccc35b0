#!/bin/sh
# The scripts of experiments/cluster on one machine: shards by GNU parallel; a task of gridengine and one of
# Slurm that are told that their time is over, and go on when they are run again; and what is submitted,
# with stand-ins for qsub, sbatch and scontrol that run it here; sweeps of one stage and, with `until`, of two.
# tests/slurm.sh has a real Slurm.
. "$srcdir/tests/sweep_files.sh"
scripts=$srcdir/experiments/cluster

sweep_of 'market.beta: [0.1, 0.2]' 'replications: 12' >grid.yaml
sed 's/12/1000/' grid.yaml >long.yaml
# of the pilot 30 replications ask for more
sweep_of 'market.beta: [0.1, 0.2]' 'until: {kpi: saving, half_width: 0.05, pilot: 30, max: 90}' >until.yaml
mkdir bin "a place"
cp grid.yaml "a place/a grid.yaml"
cp small.yaml "a place"
gridbourse sweep grid.yaml -q -o whole.h5
gridbourse sweep until.yaml -q -o until.h5
PATH=$work/bin:$PATH

# stand_in NAME: a command NAME that runs what stands in the input
stand_in() {
    { echo '#!/bin/sh'; cat; } >"bin/$1"
    chmod +x "bin/$1"
}
twice() { "$@" && "$@"; }

echo 1..12
if command -v parallel >/dev/null; then
    "$scripts/parallel.sh" "a place/a grid.yaml" "a place/a.h5" 3 --jobs 2 >out 2>err && cmp -s "a place/a.h5" whole.h5 &&
        [ "$(wc -l <"a place/a.h5.jobs")" -eq 4 ]
    ok 'shards under GNU parallel come to the bytes of the whole'
    cp small.yaml until.yaml "a place"
    gridbourse compare until.h5 >out &&
        [ "$(sed -n 's/^A pilot of 30 replications fixed their number, \([0-9]*\), .*/\1/p' out)" -gt 30 ] &&
        twice "$scripts/parallel.sh" "a place/until.yaml" "a place/u.h5" 3 --jobs 2 >out 2>err && cmp -s "a place/u.h5" until.h5 &&
        [ "$(awk 'NR > 1 && /--pilot/' "a place/u.h5.jobs" | wc -l)" -eq 3 ] && [ -e "a place/u.pilot.h5" ]
    ok 'with `until` so do those of its pilot and of all, when they are called again too'
else
    skip 'shards under GNU parallel come to the bytes of the whole' 'there is no GNU parallel here'
    skip 'with `until` so do those of its pilot and of all, when they are called again too' 'there is no GNU parallel here'
fi

# told SIGNAL OUT: a task of the long sweep is told that its time is over once it has finished trials
told() {
    "$scripts/shard.sh" long.yaml "$2" 2 >out 2>err &
    task=$!
    until [ "$(bytes_of "${2%.h5}.shard-2-of-2.h5.journal")" -gt 20000 ]; do
        kill -0 $task 2>/dev/null || break
        sleep 0.02
    done
    kill "-$1" $task
    wait $task
}
# finished OUT: the task is run again, and merged with the other shard
finished() {
    "$scripts/shard.sh" long.yaml "$1" 2 >>out 2>err && cp other.h5 "${1%.h5}.shard-1-of-2.h5" &&
        "$scripts/merge.sh" "$1" 2 >>out && cmp -s "$1" long.h5
}
gridbourse sweep long.yaml -q -o long.h5
gridbourse sweep long.yaml --shard 1/2 -q -o other.h5
export SGE_TASK_ID=2
told USR2 sge.h5
[ $? -eq 99 ] && [ -s sge.shard-2-of-2.h5.journal ] && grep -q 'goes into the queue again' out
ok 'a task of gridengine that is told that its time is over ends with 99, for the queue, and keeps its trials'
finished sge.h5
ok 'and goes on when it is run again'
unset SGE_TASK_ID

stand_in scontrol <<'EOF2'
echo "$@" >>scontrol.calls
EOF2
export SLURM_ARRAY_TASK_ID=2 SLURM_JOB_ID=71 SLURM_ARRAY_JOB_ID=70
told USR1 slurm.h5 && [ "$(cat scontrol.calls)" = 'requeue 70_2' ] && [ -s slurm.shard-2-of-2.h5.journal ]
ok 'a task of Slurm that is told so has itself put into the queue again'
finished slurm.h5 && [ "$(wc -l <scontrol.calls)" -eq 1 ]
ok 'and goes on when it is run again'
stand_in gridbourse <<'EOF2'
trap 'exit 130' TERM
sleep 60 & echo $! >sleeper; wait
EOF2
"$scripts/shard.sh" long.yaml stuck.h5 2 >out 2>err &
task=$!
until [ -s sleeper ]; do sleep 0.05; done
kill -USR1 $task
wait $task
[ $? -eq 1 ] && [ "$(wc -l <scontrol.calls)" -eq 1 ] && grep -q 'finished no trial within its time limit' err
ok 'but not where it finished no trial'
kill "$(cat sleeper)"
rm bin/gridbourse
unset SLURM_ARRAY_TASK_ID SLURM_JOB_ID SLURM_ARRAY_JOB_ID

# A job array runs its tasks at once; what waits for it comes behind it.
stand_in sbatch <<'EOF2'
echo "$*" >>calls
last=0
while case $1 in -*) true ;; *) false ;; esac; do
    case $1 in --array=*) last=${1#--array=1-} ;; esac
    shift
done
[ "$last" -gt 0 ] || { "$@" >/dev/null && echo 18; exit; }
for k in $(seq "$last"); do SLURM_ARRAY_TASK_ID=$k SLURM_JOB_ID=17 "$@" || exit 1; done
echo '17;cluster'
EOF2
"$scripts/slurm.sh" grid.yaml s.h5 3 --partition=short >out 2>err && cmp -s s.h5 whole.h5 &&
    [ "$(cat out)" = 'job 17 runs the shards, job 18 merges them into s.h5' ] &&
    [ "$(grep -c -- '--partition=short' calls)" -eq 2 ] && grep -q -- '--dependency=afterok:17 ' calls
ok 'slurm.sh submits the shards, and the merge behind them'
: >calls
"$scripts/slurm.sh" until.yaml "a place/s.h5" 2 >out 2>err && cmp -s "a place/s.h5" until.h5 && [ "$(cat out)" = \
    "job 17 runs the shards, job 18 merges them into a place/s.pilot.h5
job 17 runs the shards, job 18 merges them into a place/s.h5" ] && [ "$(wc -l <calls)" -eq 4 ] &&
    [ "$(grep -c -- '--dependency=afterok:18 .*--array=1-2 .*a place/s.h5 2 a place/s.pilot.h5$' calls)" -eq 1 ]
ok 'with `until` the shards behind the merged pilot, which they read'
sed 's/until:/untli:/' until.yaml >wrong.yaml
"$scripts/slurm.sh" wrong.yaml w.h5 2 >out 2>err
[ $? -eq 2 ] && grep -q untli err && [ "$(wc -l <calls)" -eq 4 ]
ok 'nothing of a sweep that is wrong, and what is wrong is said'
stand_in qsub <<'EOF2'
echo "$*" >>calls
last=0
while case $1 in -*) true ;; *) false ;; esac; do
    case $1 in
    -t) last=${2#1-}; shift 2 ;;
    -terse | -cwd | -V) shift ;;
    *) shift 2 ;;
    esac
done
[ "$last" -gt 0 ] || { "$@" >/dev/null && echo 28; exit; }
for k in $(seq "$last"); do SGE_TASK_ID=$k "$@" || exit 1; done
echo "27.1-$last:1"
EOF2
"$scripts/gridengine.sh" grid.yaml g.h5 3 -q short >out 2>err && cmp -s g.h5 whole.h5 &&
    [ "$(cat out)" = 'job 27 runs the shards, job 28 merges them into g.h5' ] && grep -q -- '-hold_jid 27 ' calls
ok 'gridengine.sh submits the shards, and the merge behind them'
"$scripts/gridengine.sh" until.yaml gu.h5 2 >out 2>err && cmp -s gu.h5 until.h5 && [ "$(wc -l <out)" -eq 2 ] &&
    grep -q -- '-t 1-2 -hold_jid 28 .* gu.h5 2 gu.pilot.h5$' calls
ok 'with `until` the shards behind the merged pilot, which they read'
exit $failed
