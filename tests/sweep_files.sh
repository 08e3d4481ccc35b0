# For tests of sweeps, by `. "$srcdir/tests/sweep_files.sh"`: a temporary folder $work, in which they are then;
# tests/failing.sh; a small scenario, small.yaml, and what makes sweeps of it.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/failing.sh"
unset GLIBC_TUNABLES # what a process holds is told to the MiB

cat >small.yaml <<'EOF2'
format: 1
slots: 2
slot: 2 h
market.open: 1 h
meters.count: 4
chain.protocol: ideal
output.level: summary
EOF2
# sweep_of VARY LINE...: the text of a sweep over these keys
sweep_of() {
    vary=$1
    shift
    printf '%s\n' 'format: 1' 'scenario: small.yaml' "vary: {$vary}" "$@"
}
bytes_of() { if [ -e "$1" ]; then wc -c <"$1"; else echo 0; fi; }

# env "$hidden" PROGRAM runs it as on another kind of processor, of which libm computes otherwise, but where
# hides_nothing
hidden=GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F
hides_nothing() { [ "$(gridbourse --version | grep libm)" = "$(env "$hidden" gridbourse --version | grep libm)" ]; }
