#!/bin/sh
# A sweep as shards that GNU parallel runs, one a core, and merges. On this machine; with its own option
# --sshloginfile on others, which share this folder and have the program in their PATH. The same call again
# goes on with what there is.
#   parallel.sh SWEEP.yaml OUT.h5 N [OPTION of parallel ...]   N shards: several a core, as they differ in length
set -u
[ $# -ge 3 ] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
scripts=$(cd "$(dirname "$0")" && pwd) || exit 1
sweep=$1 out=$2 n=$3
shift 3

# shellcheck disable=SC2046
parallel --quote --workdir "$PWD" --joblog "$out.jobs" "$@" \
    gridbourse sweep "$sweep" --shard "{}/$n" -o "${out%.h5}.shard-{}-of-$n.h5" --resume --quiet --threads 1 \
    ::: $(seq "$n") || exit 1
exec sh "$scripts/merge.sh" "$out" "$n"
