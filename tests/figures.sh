#!/bin/sh
# figures, as a user types it: what it says, what it leaves behind, and what stands in the pictures.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
"$builddir"/tests/write_sample "$work" || exit 99
. "$srcdir/tests/tap.sh"

# figures EXIT ARGUMENT...: gridbourse figures exits so; its words are kept
figures() {
    expected=$1
    shift
    gridbourse figures "$@" >"$work/out" 2>"$work/err"
    code=$?
    [ "$code" -eq "$expected" ] || { echo "exit $code, expected $expected" >>"$work/err"; return 1; }
}

# ---- without gnuplot on the PATH
mkdir "$work/bin"
ln -s "$builddir/gridbourse" "$work/bin/gridbourse"
# shellcheck disable=SC2016
folder="$work/it's \$x \$(echo \"y\") \`z\` \\w"
(PATH=$work/bin figures 0 "$work/paper.h5" -d "$folder" --only users --format svg)
ok "without gnuplot the figures still have scripts and data"
test -s "$folder/users.gp" && test -s "$folder/users.dat"
ok "in a folder of any name"
if command -v gnuplot >/dev/null; then
    sh "$work/out" 2>>"$work/err" && grep -q '</svg>' "$folder/users.svg"
    ok "and sh draws them with the line that is printed"
else
    skip "and sh draws them with the line that is printed" "no gnuplot"
fi

# ---- what the result cannot show, and what cannot be drawn
gridbourse run "$srcdir/experiments/village.yaml" --set chain.protocol=ideal --set slots=4 \
    --set chain.crypto=modelled --set meters.count=65 --quiet -o "$work/many.h5" >"$work/out" 2>"$work/err"
(PATH=$work/bin figures 0 "$work/many.h5" -d "$work/many")
ok "figures of more users than there is room for are drawn"
grep -q 'users: skipped.*65: `gridbourse compare --all` lists them' "$work/err" &&
    test "$(gridbourse compare "$work/many.h5" --all | grep -c '^  meter [0-9]')" -eq 65
ok "but for the bars, and the command that lists the users is named"
# a gnuplot that knows no clearing and no balance
cat >"$work/bin/gnuplot" <<'EOF'
#!/bin/sh
case $* in
*clearing.gp | *balance.gp) echo "no $4" >&2; exit 1 ;;
*) out=${3##*out = \'}; echo '</svg>' >"${out%\'}" ;;
esac
EOF
chmod +x "$work/bin/gnuplot"
(PATH=$work/bin:$PATH figures 1 "$work/paper.h5" -d "$work/some" --format svg)
ok "a figure that cannot be drawn is a failure"
test -s "$work/some/users.svg" && grep -q "could not draw.*clearing.svg': no .*clearing.gp" "$work/err"
ok "with gnuplot's words"
(PATH=$work/bin:$PATH figures 1 "$work/many.h5" -d "$work/some" --format svg)
grep -q "figure 'clearing'" "$work/err" && grep -q "figure 'balance'" "$work/err"
ok "and the next one is tried all the same"
rm "$work/bin/gnuplot"

# ---- the curves over beta: one trial a point and one value; no sellers
cat >"$work/flat.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/paper.yaml
vary: {market.beta: [0, 0.5, 1]}
EOF
cat >"$work/no-sellers.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.protocol: ideal, slots: 8, meters.count: 10, meters.prosumer_share: 0}
vary: {market.beta: [0, 1]}
replications: 2
EOF
for sweep in flat no-sellers; do
    gridbourse sweep "$work/$sweep.yaml" --quiet -o "$work/$sweep.h5" >"$work/out" 2>"$work/err"
    (PATH=$work/bin figures 0 "$work/$sweep.h5" -d "$work/$sweep")
    ok "figures of a sweep, $sweep, are written"
done
grep -q '^0.5 52.325 ' "$work/flat/beta.dat" && grep -q "denominator = 'meter in 1 h'" "$work/flat/beta.gp"
ok "the benefit of an hour is that hour's, not 24 times as much"
grep -q '^n_sides = 1' "$work/no-sellers/effect.gp" && grep -q "note = 'sellers: no " "$work/no-sellers/effect.gp"
ok "a side that is not there has a sentence and no panel"

# ---- all that was written, drawn: text stands inside the pictures, and nothing stands on numbers
draw() {
    for script in "$1"/[!s]*.gp; do
        gnuplot -d -e "fmt = 'svg'; dir = '$1/'" "$script" >"$work/out" 2>"$work/err" || return 1
    done
    awk -f "$srcdir/tests/svg_text.awk" "$1"/*.svg >"$work/out"
}
(PATH=$work/bin figures 0 "$work/sweep.h5" -d "$work/sweep")
ok "figures of a sweep of two markets are written"
for folder in flat no-sellers sweep; do
    if command -v gnuplot >/dev/null; then
        draw "$work/$folder" && grep -q '>Benefit (' "$work/$folder/beta.svg"
        ok "pictures of $folder hold all their text"
    else
        skip "pictures of $folder hold all their text" "no gnuplot"
    fi
done

# ---- on a full disk, which a limit on the size of files stands for
says_why() {
    grep -q "cannot write the figure '$work/full/users.$1': File too large" "$work/err"
}
is_absent() { ! ls "$work/full" | grep -qE 'users\.(pdf|svg|png)'; }
for format in pdf svg png; do
    if command -v gnuplot >/dev/null; then
        (trap '' XFSZ; ulimit -f 10; LC_ALL=C figures 1 "$work/paper.h5" -d "$work/full" --only users \
            --format $format) && says_why $format
        ok "a $format that breaks off is refused, and why"
    else
        skip "a $format that breaks off is refused, and why" "no gnuplot"
    fi
done
is_absent
ok "and no part of a picture is left"

echo "1..$n"
exit $failed
