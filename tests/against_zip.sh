#!/bin/sh
# compare --against of a sweep whose keys move together: a main effect of theirs carries them all, in
# every form of output.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"
against() { gridbourse compare zip.h5 --against market.beta=0.1 --columns saving "$@" >out 2>err; }

echo 1..6
cat >small.yaml <<'EOF2'
format: 1
slots: 4
slot: 3 h
meters.count: 6
chain.protocol: ideal
EOF2
cat >zip.yaml <<'EOF2'
format: 1
scenario: small.yaml
zip:
  - {market.open: [15 min, 30 min], meters.count: [6, 8], agents.reaction: [exponential 20 s, uniform 0 s 1 min]}
vary: {market.beta: [0.1, 0.5]}
replications: 3
EOF2
gridbourse sweep zip.yaml -q -o zip.h5 >out 2>err
ok 'a sweep moves three keys together'
against --csv && awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["row"] == "main effect" { print $at["market.open"] "|" $at["meters.count"] "|" $at["agents.reaction"] "|" $at["market.beta"] }' \
    out >effects
printf '%s\n' '30 min|8|uniform 0 s 1 min|' '|||0.5' | sort >expected
sort effects | cmp -s - expected
ok 'a row of CSV has the values of all of them'
against --json && grep '"row": "main effect"' out | grep '"market.open": "30 min"' | grep '"meters.count": "\{0,1\}8"\{0,1\}' |
    grep -q '"agents.reaction": "uniform 0 s 1 min"'
ok 'of JSON, too'
against --markdown && grep -q '| market.open; meters.count; agents.reaction | 30 min; 8; uniform 0 s 1 min | 15 min; 6; exponential 20 s |' out
ok 'a row of Markdown has their names, their values and those compared with'
against --latex && grep -qF 'key = market.open; meters.count; agents.reaction}' out &&
    grep -qF '30 min; 8; uniform 0 s 1 min & 15 min; 6; exponential 20 s & $+$' out
ok 'of LaTeX, too'
against && grep -q '^ *market.open; meters.count; agents.reaction  *30 min; 8; uniform 0 s 1 min$' out &&
    [ "$(awk 'length > 100' out | wc -l)" -eq 0 ]
ok 'and of the table for people'
exit $failed
