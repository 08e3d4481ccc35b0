#!/bin/sh
# The bytes of results and ledgers against those on record, so that a change of structure is seen to be
# one. Random scenarios (tests/random_scenario.awk) and all shipped ones run; a file's hash is
# BLAKE2b's, of the whole file. A result tells its revision: the program must have been built with
# `make GB_REVISION=on-record`.
#   run.sh GRIDBOURSE                  compares with tests/bytes/on-record.txt
#   run.sh GRIDBOURSE > on-record.txt  (with GB_BYTES_RECORD=1) makes that file anew: in a commit of its
#                                      own, which says why results or formats change
# GB_BYTES (how many random scenarios, 160) and GB_BYTES_FIRST are for longer campaigns of one's own.
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
program=$1
count=${GB_BYTES:-160}
first=${GB_BYTES_FIRST:-1}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
jobs=$(getconf _NPROCESSORS_ONLN)

# run NAME SCENARIO [OPTION ...]: result and ledger, both by that name
run() {
    name=$1
    scenario=$2
    shift 2
    case "$* $(cat "$scenario")" in
        *"protocol=ideal"* | *"chain.protocol: ideal"*) ;;       # keeps no ledger
        *) set -- --ledger "$name.ledger" "$@" ;;
    esac
    "$program" run "$scenario" -q -o "$name.h5" "$@" >/dev/null 2>"$name.words" ||
        { echo "$name does not run"; cat "$name.words"; } >>failed
}

# part K: every jobs-th random scenario from the K-th on
part() {
    number=$((first + $1))
    while [ "$number" -lt $((first + count)) ]; do
        name=random-$(printf %06d "$number")
        awk -v number="$number" -f "$here/../random_scenario.awk" >"$name.yaml"
        run "$name" "$name.yaml"
        number=$((number + jobs))
    done
}

shipped() {
    run paper "$here/../../experiments/paper.yaml"
    run village "$here/../../experiments/village.yaml"
    village=$here/../../experiments/village.yaml
    run village-classic "$village" --set chain.flow=classic --set chain.crypto=real \
        --set meters.count=24 --set output.level=meters
    run village-fisco2 "$village" --set chain.flow=fisco2 --set meters.count=400 --set slots=8 \
        --set chain.nodes=7
    run village-ideal "$village" --set chain.protocol=ideal --set meters.count=1500 --set slots=12
    "$program" sweep "$here/../../experiments/beta-sweep.yaml" -q -o beta-sweep.h5 --set slots=8 \
        >/dev/null 2>>failed
    {
        "$program" compare beta-sweep.h5 --csv >compare.csv &&
            "$program" book village.h5 --slot 50 >book.csv &&
            "$program" clear book.csv >clear.csv &&
            "$program" consensus --set chain.nodes=7 --csv >consensus.csv
    } 2>>failed
}

# what bytes of floating point and of files hang on, besides the program
platform() {
    "$program" --version | sed -n 's/^HDF5  */HDF5 /p'
    uname -m
}

cd "$work" || exit 99
: >failed
worker=0
while [ "$worker" -lt "$jobs" ]; do
    part "$worker" &
    worker=$((worker + 1))
done
shipped
wait
[ ! -s failed ] || { cat failed; echo "0 passed, 1 failed"; exit 1; }
{
    platform | tr '\n' ' ' | sed 's/ $//'
    echo
    b2sum --length=128 ./*.h5 ./*.ledger ./*.csv | sed 's,  \./, ,'
} >now
if [ -n "${GB_BYTES_RECORD:-}" ]; then
    cat now
    exit 0
fi
record=$here/on-record.txt
if [ "$(head -n 1 "$record")" != "$(head -n 1 now)" ]; then
    echo "ok 1 - # SKIP the bytes on record are those of $(head -n 1 "$record"), here is $(head -n 1 now)"
    exit 0
fi
diff "$record" now >different && failed=0 || failed=1
sed -n 's/^> //p' different | head -n 12
echo "$(($(wc -l <now) - 1 - $(grep -c '^>' different))) passed, $(grep -c '^[<>]' different) failed"
exit "$failed"
