#!/bin/sh
# A sweep as a job array of gridengine (SGE, Univa, Altair, Open Cluster Scheduler), and a job that merges
# its shards when all are done. The same call again goes on with what there is.
#   gridengine.sh SWEEP.yaml OUT.h5 N [OPTION of qsub ...]     N shards; shard.sh has the options it begins with
set -u
[ $# -ge 3 ] || { sed -n '4s/^# *//p' "$0" >&2; exit 2; }
scripts=$(cd "$(dirname "$0")" && pwd) || exit 1
sweep=$1 out=$2 n=$3
shift 3

array=$(qsub -terse -t "1-$n" "$@" "$scripts/shard.sh" "$sweep" "$out" "$n") || exit 1
array=${array%%.*}      # behind it the tasks: 17.1-8:1
merge=$(qsub -terse -N gridbourse-merge -S /bin/sh -cwd -V -j y -hold_jid "$array" "$@" \
    "$scripts/merge.sh" "$out" "$n") || exit 1
echo "job $array runs the shards, job $merge merges them into $out"
