#!/bin/sh
# Merges the N shards of OUT.h5: the job that waits for those of a job array. Shards that are missing or not
# finished are named, and nothing is written. OUT.h5 is left where it has all trials of the sweep, and where it is
# something else.
#   merge.sh OUT.h5 N
set -u
exec gridbourse merge --resume -o "$1" "${1%.h5}".shard-*-of-"$2".h5
