#!/bin/sh
# Merges the N shards of OUT.h5: the job that waits for those of a job array. Shards that are missing or not
# finished are named, and nothing is written.
#   merge.sh OUT.h5 N
set -u
exec gridbourse merge -o "$1" "${1%.h5}".shard-*-of-"$2".h5
