#!/bin/sh
# What the tests execute: lines of each folder of the program, in percent. Builds with gcc's --coverage in
# build.coverage/ of the folder it is called in, runs `make check` there for at most so many seconds,
# and counts by gcov; what the tests had not come to by then is missing from the numbers, and said.
#   [TESTS="tests/test_x ..."] coverage.sh SECONDS      TESTS: these instead of all
set -u
export LC_ALL=C
source=$(cd "$(dirname "$0")/.." && pwd)
seconds=$1
place=$PWD/build.coverage
jobs=$(getconf _NPROCESSORS_ONLN)

programs=
for test in ${TESTS:-}; do case $test in *.sh) ;; *) programs="$programs $test" ;; esac; done
mkdir -p "$place" && cd "$place" || exit 1
{ [ -e config.status ] || "$source/configure" -q CC=gcc CFLAGS='-O0 --coverage'; } >build.out 2>&1 &&
    make -s -j "$jobs" check TESTS= ${TESTS:+"check_PROGRAMS=$programs"} >>build.out 2>&1 || { tail -n 20 build.out; exit 1; }
find . -name '*.gcda' -exec rm -f {} +
timeout "$seconds" make -s -k -j "$jobs" check ${TESTS:+"TESTS=$TESTS" "check_PROGRAMS=$programs"} >check.out 2>&1
[ $? != 124 ] || echo "the tests were stopped after $seconds s: the numbers are lower bounds"

# by_file: "FOLDER FILE PERCENT LINES" of every C file of the program
by_file() {
    find base sim models chain analysis experiments cli -name '*.gcno' \
        -exec gcov -n -s "$source" {} + 2>/dev/null |
        awk -v source="$source/" '
            /^File / { file = $2; gsub(/\047/, "", file); sub(source, "", file); next }
            /^Lines executed:/ && file ~ /\.c$/ && file !~ /^\// {
                split($0, part, /[:%]/)
                folder = file
                sub(/\/[^\/]*$/, "", folder)
                print folder, file, part[2], $NF
            }
            { file = "" }'
}
by_file | sort -u >lines.txt
awk '{ lines[$1] += $4; run[$1] += $3 * $4 / 100; all += $4; all_run += $3 * $4 / 100 }
     END {
         for (folder in lines) printf "%-24s %5.1f %% of %5d lines\n", folder, 100 * run[folder] / lines[folder], lines[folder]
         printf "%-24s %5.1f %% of %5d lines\n", "~all", 100 * all_run / all, all
     }' lines.txt | sort | sed 's/^~all/all /'
[ -s lines.txt ]
