#!/bin/sh
# compare --against of many cells: what a person reads is bounded and holds the rows that differ most,
# what programs read is complete; the bound does not depend on where it is printed.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"
need_h5py
cd "$work" || exit 99
cat >sweep.yaml <<EOT
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.protocol: ideal, slot: 1 h, slots: 16, meters.count: 6, output.level: market, agents.traits: wide}
vary:
  market.beta: [0.1, 0.3, 0.5, 0.7, 0.9]
  meters.prosumer_share: [0.4, 0.7]
  market.requote.match: [within_reserve, crossing]
  storage.capacity: [4, 12]
replications: 3
EOT
reference=market.beta=0.1,meters.prosumer_share=0.4,market.requote.match=within_reserve,storage.capacity=4
compared() { gridbourse compare sweep.h5 --against $reference "$@" 2>err; }
chosen() { "$python" "$srcdir/tests/against_many.py" csv text "$@" >out 2>&1 || { sed 's/^/# /' out; false; }; }

gridbourse sweep sweep.yaml -o sweep.h5 --quiet >out 2>err && compared >text && compared --csv >csv && compared --all >all
ok '39 cells are compared with one'
[ "$(wc -l <text)" -lt 600 ] && [ "$(wc -l <csv)" -gt 1500 ] && [ "$(wc -l <all)" -gt 3000 ] ||
    { wc -l text csv all | sed 's/^/# /'; false; }
ok 'a person is shown hundreds of lines, not thousands, without --all'
grep -q '^Differences from the reference, a line a cell' text && grep -q '^  of  .*saving, currency' text &&
    [ "$(awk '/^Differences from/ {on = 1; next} /^[a-z]/ {on = 0} on' text | grep -c '^  0.[1-9], ')" -ge 30 ]
ok 'first what a referee asks, a line a cell'
grep -q "^  of  .*buyers' cost, currency" text && grep -q "^  of  .*sellers' revenue, currency" text && ! grep -q "^  of  .*\(cut\|rise\), %" text
ok 'both sides stand there in money where shares of their bills are too uncertain'
chosen saving "community's saving, currency"
ok 'then a table of the cells whose savings differ most, and how many it leaves out'
tr '\n' ' ' <text | sed 's/   */ /g' | grep -q 'Differ, too, with p, bounds and what is detectable under --all, or each by its name (--columns): [a-z_]*,'
ok 'what has no room is named, to be asked for'
compared --columns peak_import_wh >text && chosen peak_import_wh 'peak import of the community in a slot' && [ "$(wc -l <text)" -lt 120 ]
ok 'a quantity that is asked for has its bound, too'
[ "$(awk -F, '$6 == "saving" && $5 == "cell"' csv | wc -l)" -eq 39 ] &&
    [ "$(awk "/^community's saving, currency/ {on = 1; next} /^[a-z]/ {on = 0} on" all | grep -c '^  0.[1-9], .* [0-9]* *[0-9-]')" -ge 39 ]
ok 'with --all, and for programs, every cell has its row'
compared --markdown | grep -c '^|' >n && [ "$(cat n)" -gt 1000 ] && ! compared --latex | grep -q 'rows, whose differences'
ok 'pages have all of them'
if command -v script >/dev/null; then
    script -qec "gridbourse compare sweep.h5 --against $reference" /dev/null 2>/dev/null | tr -d '\r' >typed && compared >text && cmp text typed
    ok 'on a terminal it is the same text'
else
    skip 'on a terminal it is the same text' 'no script(1)'
fi
compared --where market.beta=0.5 --where meters.prosumer_share=0.4 --columns saving >text && ! grep -q 'rows, whose' text && [ "$(grep -c '^  0.5, 0.4, ' text)" -ge 4 ]
ok 'a table that is short stays whole'
echo "1..$n"
exit $failed
