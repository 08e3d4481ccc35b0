#!/bin/sh
# A sweep as a job array of Slurm, and a job that merges its shards when all are finished. The same call
# again goes on with what there is, after a time limit, a failed node or scancel.
#   slurm.sh SWEEP.yaml OUT.h5 N [OPTION of sbatch ...]        N shards; shard.sh has the options it begins with
# The options go to the merge as well. All shards must run on processors of one kind: where a partition has
# several, --constraint names one.
set -u
[ $# -ge 3 ] || { sed -n '4s/^# *//p' "$0" >&2; exit 2; }
scripts=$(cd "$(dirname "$0")" && pwd) || exit 1
sweep=$1 out=$2 n=$3
shift 3

array=$(sbatch --parsable --array="1-$n" "$@" "$scripts/shard.sh" "$sweep" "$out" "$n") || exit 1
array=${array%%;*}      # behind it the cluster's name, where there are several
merge=$(sbatch --parsable --job-name=gridbourse-merge --output=%x-%j.log --dependency="afterok:$array" \
    --kill-on-invalid-dep=yes "$@" "$scripts/merge.sh" "$out" "$n") || exit 1
echo "job $array runs the shards, job ${merge%%;*} merges them into $out"
