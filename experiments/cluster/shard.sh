#!/bin/sh
#SBATCH --job-name=gridbourse --output=%x-%A-%a.log --open-mode=append --requeue
#SBATCH --time=04:00:00 --signal=B:USR1@120
#$ -N gridbourse -S /bin/sh -cwd -V -j y -r y -notify -l s_rt=03:58:00,h_rt=04:00:00
# One shard of a sweep: a task of a job array of Slurm or gridengine, as slurm.sh and gridengine.sh submit
# them. It goes on with what the shard has finished before. Before its time limit strikes the scheduler
# sends a signal (above): the program is ended, which keeps what is finished, and the task goes into the
# queue again. A limit that strikes without a signal, and a requeue, lose nothing either.
#   shard.sh SWEEP.yaml OUT.h5 N [PILOT.h5]     of N shards the one that the task's number names
set -u
sweep=$1 out=$2 n=$3 pilot=${4:-}
k=${SLURM_ARRAY_TASK_ID:-$SGE_TASK_ID}
shard=${out%.h5}.shard-$k-of-$n.h5
size_of_journal() { if [ -e "$shard.journal" ]; then wc -c <"$shard.journal"; else echo 0; fi; }

is_signalled=no has_time=yes before=$(size_of_journal)
trap 'is_signalled=yes has_time=no; kill -TERM "$program"' USR1 USR2 TERM
gridbourse sweep "$sweep" --shard "$k/$n" ${pilot:+--pilot "$pilot"} -o "$shard" --resume --quiet \
    --threads "${SLURM_CPUS_PER_TASK:-${NSLOTS:-1}}" &
program=$!
wait "$program"
status=$?
while [ $is_signalled = yes ]; do       # a signal ends the wait, not the program
    is_signalled=no
    wait "$program"
    status=$?
done

[ $has_time = no ] && [ $status -ne 0 ] || exit $status
if [ "$(size_of_journal)" -le "$before" ]; then
    echo "$0: shard $k of $n finished no trial within its time limit, which must be longer" >&2
    exit 1
fi
echo "$0: shard $k of $n goes into the queue again"
[ -n "${SLURM_JOB_ID:-}" ] || exit 99   # gridengine: again
scontrol requeue "${SLURM_ARRAY_JOB_ID}_$k"    # the number of a task may be that of the whole array
