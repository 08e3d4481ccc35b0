#!/bin/sh
# The targets of doc/targets.md by estimators in Python, over seeds that no parameter was set on: a few
# of them and some rows here; with GB_TARGETS=long (make check-long) all rows and 20 seeds, and the bands
# of a calibrated year in slots of 5 to 60 min.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/python.sh"
"$python" -c 'import numpy' 2>/dev/null || { echo '1..0 # SKIP no Python with numpy here'; exit 0; }
failed=0
number=0
# check WHAT COMMAND ...: a TAP line; shows what a command wrote that should have succeeded
check() {
    number=$((number + 1))
    what=$1
    shift
    if "$@" >"$dir/out" 2>&1; then
        echo "ok $number - $what"
    else
        echo "not ok $number - $what"
        failed=1
    fi
    sed 's/^/# /' "$dir/out"
}
data=$srcdir/../shared/data
targets() { "$python" -B -W ignore "$srcdir/tests/targets.py" tests/modelled_series "$srcdir/doc/targets.md" "$data" "$@"; }
bands() { "$python" -B -W ignore "$srcdir/tests/target_bands.py" tests/modelled_series "$@"; }
# misses WORDS ARGUMENT ...: a row of that name is missed, and nothing else goes wrong
misses() {
    words=$1
    shift
    targets "$@" >"$dir/said" 2>&1
    [ $? = 1 ] && grep -q "model $words.*: missed" "$dir/said"
}

# hours of a field differ more than its intervals are wide: a hundred of them
field_and_roof() { targets 20 5 family=field_b && targets 3 1 family=golden; }

if [ "${GB_TARGETS:-}" = long ]; then
    echo 1..2
    check 'every target is met by the mean over 20 seeds' targets 20 5
    check 'a year keeps its bands in slots of any length' bands 3
    exit $failed
fi
echo 1..5
check 'a field of modules and a roof meet their targets' field_and_roof
check 'neighbours without clouds of their own are noticed' \
    misses 'field a, steps of 60 s, < 100 m' 2 2 family=field_a clouds.local_share=0
check 'a sky without passing clouds is noticed' misses 'Golden, ramps of 15 min: sd' 1 1 family=golden clouds.passing_share=0
check 'homes without appliances are noticed' misses 'london: cv 50 %' 1 1 family=london load.appliances=0
# Means of 30 normals: a percentile interval misses where |t| of 29 degrees exceeds 1.96 sqrt(29/30), in 6.4 %
# of samples; of 1000 samples the standard error is 0.8 %.
check 'intervals of samples miss as often as theory says' "$python" -B -c '
import sys; sys.path.insert(0, sys.argv[1])
import numpy, resampled
random = numpy.random.default_rng(3)
units = numpy.stack([random.normal(size=(1000, 30)), numpy.ones((1000, 30))], axis=-1)
make = lambda s: (s[..., 0] / s[..., 1])[..., None]
ends = [resampled.interval(resampled.OfSums(u, make), 400, random) for u in units]
missed = numpy.mean([low > 0 or high < 0 for low, high in ends])
print(f"missed {100 * missed:.1f} %")
assert 0.04 < missed < 0.09' "$srcdir/tests"
exit $failed
