#!/bin/sh
# A sweep as a job array of Slurm, and a job that merges its shards when all are finished; with `until`, one of
# each for the pilot before. The same call again goes on with what there is, after a time limit, a failed node
# or scancel.
#   slurm.sh SWEEP.yaml OUT.h5 N [OPTION of sbatch ...]        N shards; shard.sh has the options it begins with
# The options go to the merge as well. All shards must run on processors of one kind: where a partition has
# several, --constraint names one.
set -u
scripts=$(cd "$(dirname "$0")" && pwd) || exit 1
. "$scripts/stages.sh"

# behind JOB OPTION...: submits a job that begins when that one has ended well; says its number
behind() {
    after=${1:+--dependency=afterok:$1}
    shift
    # shellcheck disable=SC2086 # one option, or none
    sbatch --parsable $after --kill-on-invalid-dep=yes "$@"
}

merge=
stage() {
    result=$1 read_pilot=$2
    shift 2
    array=$(behind "$merge" --array="1-$n" "$@" "$scripts/shard.sh" "$sweep" "$result" "$n" ${read_pilot:+"$read_pilot"}) || exit 1
    array=${array%%;*}      # behind it the cluster's name, where there are several
    merge=$(behind "$array" --job-name=gridbourse-merge --output=%x-%j.log "$@" "$scripts/merge.sh" "$result" "$n") ||
        exit 1
    merge=${merge%%;*}
    echo "job $array runs the shards, job $merge merges them into $result"
}
in_stages "$@"
