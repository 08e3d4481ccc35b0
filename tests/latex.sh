#!/bin/sh
# Tables for LaTeX: they fit the text of an article in one column and in two, whatever the keys, and hold the
# rows of all other outputs.
. "$srcdir/tests/python.sh"
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cat >"$work/sweep.yaml" <<EOT
format: 1
scenario: $srcdir/experiments/village.yaml
set: {slot: 1 h, slots: 24, meters.count: 4, output.level: market, agents.traits: wide}
cases:
  - name: call
    set: {chain.protocol: ideal, market.mechanism: uniform}
    vary: {market.open: [15 min, 30 min]}
  - {name: book, set: {chain.protocol: ideal, market.mechanism: continuous}}
vary:
  meters.prosumer_share: [0.3, 0.6]
  start_date: [2023-01-18, 2023-04-19, 2023-07-19]
  storage.capacity: [4, 8, 12]
replications: 3
EOT
reference=case=book,meters.prosumer_share=0.3,start_date=2023-01-18,storage.capacity=4
compared() { gridbourse compare "$work/sweep.h5" "$@" 2>"$work/err"; }
agree() { py "$srcdir/tests/latex.py" "$work/tex" "$work/csv" "$@" >"$work/out" 2>&1; }
# in COLUMNS: neither a line nor a float is too large
fits() {
    { printf '\\documentclass[10pt,%s]{article}\\usepackage[utf8]{inputenc}\\usepackage{booktabs}\\begin{document}\n' "$1"
      cat "$work/tex"
      printf '\\end{document}\n'; } >"$work/page.tex"
    (cd "$work" && timeout 60 pdflatex -interaction=nonstopmode page.tex >out 2>&1) && grep -q 'Output written' "$work/out" &&
        ! grep -q -e '^Overfull' -e '^!' -e 'Float too large' "$work/out"
}
fits_pages() {
    for columns in onecolumn twocolumn; do
        if command -v pdflatex >/dev/null; then
            fits $columns
            ok "  and fit an article of $columns"
        else
            skip "  and fit an article of $columns" 'no pdflatex here'
        fi
    done
}

gridbourse sweep "$work/sweep.yaml" -o "$work/sweep.h5" --quiet >"$work/out" 2>"$work/err"
ok 'a sweep of four keys and two cases'
compared --columns saving,price_mean --latex >"$work/tex" && compared --columns saving,price_mean --csv >"$work/csv"
ok 'cells with the grid'
if has_h5py; then
    agree cells saving price_mean
    ok '  have the rows of CSV, keys above rows and in the caption counted'
else
    skip '  have the rows of CSV' 'no Python with numpy and h5py here'
fi
fits_pages
compared --against $reference --columns saving,peak_import_wh --latex >"$work/tex" &&
    compared --against $reference --columns saving,peak_import_wh --csv >"$work/csv"
ok 'cells against a reference'
if has_h5py; then
    agree against saving peak_import_wh
    ok '  have the rows of CSV, in parts below each other'
else
    skip '  have the rows of CSV' 'no Python with numpy and h5py here'
fi
[ "$(grep -c '^.caption{Community.s saving, .*(2 of [2-9])}' "$work/tex")" -eq 1 ]
ok '  a table longer than a page goes on in a float of the same name'
! grep -v '^%' "$work/tex" | grep -q '[0-9]\$-\$[0-9]'
ok '  and dates have no minus signs'
fits_pages
compared --against $reference --latex >"$work/tex" && [ "$(grep -c '^.begin{table' "$work/tex")" -gt 60 ]
ok 'all quantities, more floats than LaTeX holds at once,'
fits_pages
compared --where case=call,market.open=900s,meters.prosumer_share=0.3,start_date=2023-01-18,storage.capacity=4 --latex >"$work/tex"
ok 'one cell'
fits_pages
cat >"$work/homes.csv" <<EOT
name,kind,pv_kw
[A] 1,flat,5
*B & 50% of #2_x^~,flat,
{C} \\d \$,flat,2
EOT
cat >"$work/homes.yaml" <<EOT
format: 1
slots: 48
chain.protocol: ideal
meters.file: homes.csv
households.flat.load.yearly: 3000
EOT
gridbourse run "$work/homes.yaml" -o "$work/homes.h5" --quiet >"$work/out" 2>"$work/err" &&
    gridbourse compare "$work/homes.h5" --latex >"$work/tex" && ! grep -q '^[[*]' "$work/tex" &&
    grep -q '^{}\[A\] 1 & ' "$work/tex" && grep -q '^{}\*B ' "$work/tex"
ok 'names of homes that begin as an argument of the line before them would'
! grep -v '^%' "$work/tex" | grep -q '^ ' && grep -q '^.caption{Trades; price in currency a kWh}$' "$work/tex"
ok '  and trades have a table as all else has'
fits_pages
# names as people give them: what LaTeX and Markdown would read as dashes, columns, signs, tags
cat >"$work/odd" <<'EOT'
a--b---c
d|e
f_g_-5
h&amp;i
#j $k$ ^l~m
n\o*p*
<b>q</b>
[r](s)
t`u`v
w% 'x'
EOT
{ echo name,kind && sed '1,5s/$/,flat--low_1/; 6,$s/$/,e--2/' "$work/odd"; } >"$work/homes.csv"
{ sed 's/flat/flat--low_1/' "$work/homes.yaml" && echo 'households.e--2.load.yearly: 4000'; } >"$work/named.yaml"
gridbourse run "$work/named.yaml" -o "$work/named--a_b.h5" --quiet >"$work/out" 2>"$work/err" &&
    gridbourse compare "$work/named--a_b.h5" --latex >"$work/tex" && gridbourse compare "$work/named--a_b.h5" --markdown >"$work/markdown"
ok 'names that hold what is special to LaTeX and Markdown'
fits_pages
set -f
IFS='
'
# shellcheck disable=SC2046 # a name a line
"$python" "$srcdir/tests/markdown.py" "$work/markdown" flat--low_1 e--2 $(cat "$work/odd") >"$work/out" 2>&1
ok '  come out of Markdown as they were written'
unset IFS
set +f
if command -v pdflatex >/dev/null && command -v pdftotext >/dev/null; then
    # tilde and circumflex are set as accents, an apostrophe as one, an underscore as a line
    pdftotext -layout "$work/page.pdf" - 2>/dev/null | sed "s/˜/~/g; s/ˆ/^/g; s/[’‘]/'/g; s/−/-/g; s/ˋ/\`/g" >"$work/text"
    status=0
    { cat "$work/odd" && printf 'flat--low_1\ne--2\n'; } | tr -d ' _' >"$work/names"
    tr -d ' _' <"$work/text" >"$work/squeezed"
    while IFS= read -r name; do
        grep -qF -e "$name" "$work/squeezed" || { echo "# $name"; status=1; }
    done <"$work/names"
    [ $status -eq 0 ]
    ok '  and of LaTeX'
else
    skip '  and of LaTeX' 'no pdflatex or pdftotext here'
fi
echo "1..$n"
exit $failed
