#!/bin/sh
# What people read fits on a terminal of 100 columns: tables, helps and messages of every command. A name
# that somebody chose, a hash and what other programs read (CSV, JSON, a BOOK's comments) are as long as they are.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cd "$work" || exit 99
cp "$srcdir"/experiments/*.yaml "$srcdir"/experiments/*.csv .

# fits COMMAND...: it says something, and no line is wider; with "succeeding" before it, it also does what it should
fits() {
    must=any
    [ "$1" != succeeding ] || { must=0; shift; }
    gridbourse "$@" >out 2>err
    code=$?
    [ $must = any ] || [ $code -eq 0 ] || echo "# gridbourse $* ends with $code" >>wide
    cat out err | LC_ALL=C sed 's/[\200-\277]//g' | awk -v command="gridbourse $*" '
        length > 100 { print "# " command ": " length " columns: " $0; n++ }
        END { if (NR == 0) { print "# " command ": nothing"; n++ } exit n > 0 }' >>wide
}
# all NAME: reports what was too wide since the last one
all() {
    [ ! -s wide ]
    cat wide
    ok "$1"
    : >wide
}

echo 1..6
: >wide
for command in run sweep compare figures book clear consensus ledger init list explain \
    'ledger verify' 'ledger show' 'ledger trace' 'ledger proof'; do
    # shellcheck disable=SC2086
    fits $command --help
    # shellcheck disable=SC2086
    fits $command --no-such-option
done
fits help
all 'helps fit, and so does how a command is used'

fits list
for kind in strategies mechanisms protocols flows delays providers loads controllers estimators keys; do fits list $kind; done
for section in site meters agents market settlement chain storage forecast output seed tariff; do fits explain $section; done
all 'lists of parts and keys fit, and every explanation'

fits succeeding run paper.yaml -o paper.h5 --ledger paper.ledger
fits succeeding run village.yaml -o village.h5 --ledger village.ledger --set slots=30
for name in paper village; do
    fits succeeding compare $name.h5 --all
    fits succeeding ledger verify $name.ledger
    fits succeeding ledger show $name.ledger
    fits succeeding ledger show $name.ledger --block 5
    fits succeeding ledger trace $name.ledger --meter 2
    fits succeeding ledger trace $name.ledger --trade 0:0 --proof $name.proof
    fits succeeding consensus $name.yaml --busy --decisions 10
done
fits succeeding ledger proof paper.proof
all 'runs, comparisons, ledgers and measurements of the chain fit'

printf '%s\n' 'format: 1' 'scenario: paper.yaml' 'replications: 2' \
    'vary: {market.beta: [0.1, 0.2], market.requote.rounds: [0, 1], market.on_head_fail: [skip, stop]}' >wide.yaml
fits succeeding sweep wide.yaml -o wide.h5
fits succeeding compare wide.h5
all 'a sweep over several keys fits'
[ "$(grep -c '^ *market.beta ' out)" -gt 1 ] && [ "$(grep -c ' skip ' out)" -eq $((4 * $(grep -c '^ *market.beta ' out))) ]
ok 'its table goes on below, behind the same keys'

gridbourse run village.yaml --set meters.count=700 --set slots=2 --set chain.client_delay='constant 30 min' \
    --set chain.crypto=modelled --set chain.concentrator=none --set output.level=summary \
    --set chain.block.max_transactions=1 --set chain.block.min_seal='1 ms' --set chain.delay='constant 0 s' \
    --set orders.inline= -o never.h5 --quiet >out 2>err
[ $? -eq 1 ] && grep -q '^gridbourse: livelock behind the last slot' err && grep -q '^  Expected is' err &&
    grep -q '^  Put more' err && [ "$(awk 'length > 100' err | wc -l)" -eq 0 ] && [ ! -e never.h5 ]
ok 'a livelock is told in lines: what, where, what was expected, what to do'
exit $failed
