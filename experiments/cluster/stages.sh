# What slurm.sh, gridengine.sh and parallel.sh share, read by them with their arguments: SWEEP.yaml, OUT.h5, N and
# options. A sweep has one stage, and two with `until`: shards of the pilot, merged into OUT.pilot.h5, and then
# shards of all of it, which read there how many replications there are to be.
# shellcheck shell=sh
[ $# -ge 3 ] || { sed -n 's/^#   //p' "$0" >&2; exit 2; }
sweep=$1 out=$2 n=$3
shift 3

# in_stages OPTION...: calls `stage RESULT PILOT OPTION...` for each; PILOT is empty where there is none to read
in_stages() {
    said=$(gridbourse sweep --check --quiet -o "$out" "$sweep") || exit 2
    pilot=
    case $said in
    *' of a pilot in '*)
        pilot=${out%.h5}.pilot.h5
        stage "$pilot" '' "$@" || exit 1
        ;;
    esac
    stage "$out" "$pilot" "$@" || exit 1
}
