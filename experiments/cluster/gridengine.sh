#!/bin/sh
# A sweep as a job array of gridengine (SGE, Univa, Altair, Open Cluster Scheduler), and a job that merges
# its shards when all are done; with `until`, one of each for the pilot before. The same call again goes on with
# what there is.
#   gridengine.sh SWEEP.yaml OUT.h5 N [OPTION of qsub ...]     N shards; shard.sh has the options it begins with
set -u
scripts=$(cd "$(dirname "$0")" && pwd) || exit 1
. "$scripts/stages.sh"

merge=
stage() {
    result=$1 read_pilot=$2
    shift 2
    array=$(qsub -terse -t "1-$n" ${merge:+-hold_jid "$merge"} "$@" \
        "$scripts/shard.sh" "$sweep" "$result" "$n" ${read_pilot:+"$read_pilot"}) || exit 1
    array=${array%%.*}      # behind it the tasks: 17.1-8:1
    merge=$(qsub -terse -N gridbourse-merge -S /bin/sh -cwd -V -j y -hold_jid "$array" "$@" \
        "$scripts/merge.sh" "$result" "$n") || exit 1
    echo "job $array runs the shards, job $merge merges them into $result"
}
in_stages "$@"
