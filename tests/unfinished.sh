#!/bin/sh
# What is made of a sweep that lacks trials says so: tables, rows for programs, figures. Of the 60
# trials of the sample, in cells of 6, the last of every cell is missing, one failed, and of the last
# cell there is none: the fullest cell has no more than 5.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/sample.sh"
count() { test "$(grep -c -e "$2" "$dir/out")" -eq "$1"; }
# column NAME: its values in rows that awk's condition $2 chooses, each once
column() {
    awk -F, -v name="$1" 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i; next} {print $at[name]}' "$dir/out" | sort -u | tr '\n' ' '
}

echo 1..22
check 'a sweep that was interrupted is compared with the grid' run 0 compare "$dir/unfinished.h5"
check '  its head says how many trials of how many there are' says ': 44 of 60 trials in 9 cells'
check '  every cell is marked by the plan, not by the fullest one' test "$(grep -c '  5 of 6  ' "$dir/out")-$(grep -c '  4 of 6  ' "$dir/out")" = 8-1
check '  and what there is nothing of is counted' says '1 cell without any trial is not shown'
check '  and what failed is named' says 'trial 26 failed: no memory'
run 0 compare "$dir/unfinished.h5" --csv
check 'rows for programs count what is missing of each cell' test "$(column missing)" = '1 2 '
run 0 compare "$dir/unfinished.h5" --json
check '  in JSON too' count 9 '"who": "all",.*"trials": 4, "missing": 2,'
run 0 compare "$dir/unfinished.h5" --latex
check 'for LaTeX cells are marked' count 9 ' [45] of 6 &'
check '  and how many trials there are is said in a comment' says '%   44 of 60 trials are there'
run 0 compare "$dir/unfinished.h5" --markdown
check 'in Markdown too' count 9 '| [45] of 6 |'
run 0 compare "$dir/unfinished.h5" --against market.beta=0
check 'cells that lack replications are not compared with each other' says '7 cells are not compared: replications are missing'
check '  and how many trials there are is said' says '44 of 60 trials are there'
check '  as is that some failed' says 'and what failed did not fail by chance alone'
run 0 compare "$dir/unfinished.h5" --against market.beta=0 --where market.beta=0.5
check '  of which those are counted that are shown' says '2 cells are not compared: replications are missing'
run 0 compare "$dir/unfinished.h5" --against market.beta=0 --csv
check '  nor in rows for programs' test "$(column state)" = 'missing '
run 0 compare "$dir/unfinished.h5" --against market.beta=0 --allow-missing --columns saving --csv
check 'but where that is allowed' test "$(column state)" = 'estimated '
check '  over what both have' test "$(column trials)" = '4 5 '
check '  which is marked' test "$(column missing)" = '1 2 '
run 0 figures "$dir/unfinished.h5" -d "$dir/f" --format svg --only curves,map
says_so() { grep -q 'rings: cells that lack trials.*The sweep is not finished: 44 of 60 trials; 1 cell without any trial is not shown\.$' "$dir/f/$1.txt"; }
check 'captions of figures say it' says_so curves
check '  of each of them' says_so map
check '  and every point of them is ringed' test "$(awk '!/^#/ && NF == 7 {print $5}' "$dir/f/curves.dat" | sort | uniq -c | tr -s ' ')" = ' 9 1'
run 0 figures "$dir/unfinished.h5" -d "$dir/g" --format svg --only gains --where market.beta=0.5 --where meters.count=10
check 'a figure of one cell says how many of its trials there are' grep -q 'over 4 of 6 trials' "$dir/g/gains.txt"
exit $failed
