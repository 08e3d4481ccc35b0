#!/bin/sh
# A sweep as shards that GNU parallel runs, one a core, and merges; with `until`, those of the pilot before. On
# this machine; with its own option --sshloginfile on others, which share this folder and have the program in
# their PATH. The same call again goes on with what there is.
#   parallel.sh SWEEP.yaml OUT.h5 N [OPTION of parallel ...]   N shards: several a core, as they differ in length
set -u
scripts=$(cd "$(dirname "$0")" && pwd) || exit 1
. "$scripts/stages.sh"

stage() {
    result=$1 read_pilot=$2
    shift 2
    # shellcheck disable=SC2046
    parallel --quote --workdir "$PWD" --joblog "$result.jobs" "$@" \
        gridbourse sweep "$sweep" --shard "{}/$n" ${read_pilot:+--pilot "$read_pilot"} \
        -o "${result%.h5}.shard-{}-of-$n.h5" --resume --quiet --threads 1 ::: $(seq "$n") || exit 1
    sh "$scripts/merge.sh" "$result" "$n"
}
in_stages "$@"
