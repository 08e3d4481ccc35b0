#!/bin/sh
# Builds the fuzz targets with clang, the address and the undefined-behaviour sanitizer in build.fuzz/
# of the folder it is called in, and runs each for its share of so many seconds from seeds that it
# makes itself; what a run found worth keeping is a seed of the next.
#   run.sh SECONDS TARGET ...
# Prints a TAP line a target; exits non-zero when one found something: the input then lies in
# build.fuzz/found, and `build.fuzz/tests/fuzz/fuzz_TARGET FILE` shows it again.
# shellcheck disable=SC2086
set -u
source=$(cd "$(dirname "$0")/../.." && pwd)
seconds=$1
shift
place=$PWD/build.fuzz
jobs=$(getconf _NPROCESSORS_ONLN)

echo 'int LLVMFuzzerTestOneInput(const char *b, long n) { return b && n < 0; }' |
    clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null || {
    echo '1..0 # SKIP clang is not there, or has no libFuzzer (Debian: clang, libclang-rt-14-dev)'
    exit 0
}
mkdir -p "$place/found" && cd "$place" || exit 1
programs=
for target in "$@"; do programs="$programs tests/fuzz/fuzz_$target"; done
{ [ -e config.status ] || "$source/configure" -q --disable-openmp --enable-sanitize CC=clang \
    CFLAGS='-g -O1 -fsanitize=fuzzer-no-link'; } >build.out 2>&1 &&
    make -s -j "$jobs" $programs >>build.out 2>&1 || {
    tail -n 20 build.out
    echo 'not ok 1 - the targets build'
    exit 1
}

share=$((seconds * jobs / $#))
[ "$share" -gt 0 ] || share=1

# longest TARGET: bytes of an input
longest() {
    case $1 in
        values) echo 96 ;;
        scenario | book | series) echo 2048 ;;
        *) echo 65536 ;;
    esac
}

# fuzz NUMBER TARGET: for its share of the time
fuzz() {
    mkdir -p "seeds/$2" "corpus/$2"
    GB_FUZZ_SEEDS=seeds/$2 "tests/fuzz/fuzz_$2" >"$2.out" 2>&1 &&
        "tests/fuzz/fuzz_$2" -max_total_time="$share" -max_len="$(longest "$2")" \
            -timeout=20 -rss_limit_mb=2048 -artifact_prefix="found/$2-" -print_final_stats=1 "corpus/$2" "seeds/$2" >>"$2.out" 2>&1
    status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$2.out")
    if [ "$status" = 0 ]; then
        echo "ok $1 - nothing found in the reader of $2: ${runs:-no} inputs in $share s"
    else
        tail -n 40 "$2.out" | sed 's/^/# /'
        echo "not ok $1 - the reader of $2 fails (status $status): see $place/found"
    fi
}

echo "1..$#"
n=0
for target in "$@"; do
    n=$((n + 1))
    fuzz "$n" "$target" >"$target.tap" &
    [ $((n % jobs)) != 0 ] || wait
done
wait
for target in "$@"; do cat "$target.tap"; done
! grep -q '^not ok' ./*.tap
