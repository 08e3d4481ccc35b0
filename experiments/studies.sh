#!/bin/sh
# Runs the ready studies and draws their figures (`make studies` calls this):
#
#     studies.sh [--whole] PROGRAM FOLDER [STUDY ...]
#
# A study is a sweep file beside this script whose head has its commands; they run in FOLDER as they
# stand there, with half of the file's replications, or, --whole, with all. What is finished is not run
# again, and what was interrupted goes on. GB_SWEEP_OPTIONS has words for every sweep: `--replications 3`
# for a first look, `--restart` where the program has changed.
set -u
share=2
[ "${1-}" = --whole ] && { share=1; shift; }
[ $# -ge 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd) || exit 1
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") || exit 1
mkdir -p "$2" && cd "$2" || exit 1
shift 2
# names without blanks
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(cd "$here" && grep -l '^#     gridbourse sweep' ./*.yaml | sed 's,^\./,,; s,\.yaml$,,')

# reduced FILE: the option that leaves a share of the replications, rounded up; nothing where all are meant
reduced() {
    [ $share -eq 1 ] ||
        sed -n 's/^replications: *\([0-9][0-9]*\).*/\1/p' "$1" | while read -r all; do
            echo "--replications $(((all + share - 1) / share))"
        done
}

failed=0
gridbourse() { "$program" "$@"; }

for study in "$@"; do
    file=$here/$study.yaml
    [ -f "$file" ] || { echo "there is no study '$study' in $here" >&2; exit 2; }
    echo "== $study"
    case ${GB_SWEEP_OPTIONS-} in *--restart*) way= ;; *) way=--resume ;; esac
    case ${GB_SWEEP_OPTIONS-} in *--replications*) fewer= ;; *) fewer=$(reduced "$file") ;; esac
    # words, by blanks
    # shellcheck disable=SC2086
    gridbourse sweep "$file" -o "$study.h5" $way $fewer ${GB_SWEEP_OPTIONS-} || exit
    # the other commands of its head; one that fails keeps none of the rest from it
    sed -n 's/^#     \(gridbourse [^s].*\)/\1/p' "$file" >"$study.commands"
    while IFS= read -r command; do
        eval "$command" </dev/null || { echo "failed: $command" >&2; failed=1; }
    done <"$study.commands"
    rm -f "$study.commands"
done
echo "figures and tables (compare.tex) are in the folders of $PWD"
exit $failed
