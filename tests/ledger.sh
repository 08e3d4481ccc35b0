#!/bin/sh
# gridbourse ledger: what it prints, what it refuses, and its exit codes.
# shellcheck disable=SC2154
writer="$builddir/tests/test_ledger"
if [ ! -x "$writer" ]; then
    echo "1..0 # SKIP the writer of the small ledger needs CUnit"
    exit 0
fi
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
"$writer" write real.gbl real || exit 99
"$writer" write modelled.gbl modelled || exit 99
n=0

# expect CODE WORDS TITLE ARGUMENT ...: exit code, and words (a regular expression) in the output
expect() {
    code=$1 words=$2 title=$3
    shift 3
    n=$((n + 1))
    gridbourse ledger "$@" > out 2>&1
    is=$?
    if [ "$is" -eq "$code" ] && grep -qE -e "$words" out; then
        echo "ok $n - $title"
    else
        echo "not ok $n - $title"
        echo "# exit $is, expected $code and '$words'"
        sed 's/^/# /' out
    fi
}

# check TITLE COMMAND ...: the command succeeds
check() {
    title=$1
    shift
    n=$((n + 1))
    if "$@"; then echo "ok $n - $title"; else echo "not ok $n - $title"; fi
}

# flip FILE BYTE: another file with one bit of one byte flipped
flip() {
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    cp "$1" flipped.gbl
    printf "%b" "\\0$(printf %o $((byte ^ 1)))" | dd of=flipped.gbl bs=1 seek="$2" conv=notrunc 2> /dev/null
}

echo 1..58
expect 0 '^real.gbl: verified' 'an honest ledger verifies' verify real.gbl
expect 0 'trusted on first use' 'without an anchor the genesis is trusted on first use' verify real.gbl
hash=$(gridbourse ledger verify real.gbl | sed -n 's/^  genesis  //p')
expect 0 'the one given by --genesis' 'with its genesis hash it is anchored' verify real.gbl --genesis "$hash"
other=$(gridbourse ledger verify modelled.gbl | sed -n 's/^  genesis  //p')
expect 1 'genesis: its hash is' 'another genesis hash is refused' verify real.gbl --genesis "$other"
expect 2 '64 hex digits' 'a word is no genesis hash' verify real.gbl --genesis abc
expect 2 '64 hex digits' 'nor are 66 digits' verify real.gbl --genesis "${hash}00"
expect 1 'unverifiable' 'modelled signatures are unverifiable, and that is no success' verify modelled.gbl

size=$(wc -c < real.gbl)
flip real.gbl 20
expect 1 'flipped.gbl: genesis:' 'a flipped bit in the genesis is named' verify flipped.gbl
flip real.gbl $((size - 1))
expect 1 'flipped.gbl: trailer: the operator' 'a flipped bit in the trailer is named' verify flipped.gbl
flip real.gbl $((size - 200))
expect 1 'flipped.gbl: block 6: certificate' 'a flipped bit in a certificate is named' verify flipped.gbl
expect 1 'flipped.gbl: block 6: certificate' 'show stops where a ledger is broken' show flipped.gbl
check 'and has shown the blocks before' grep -qE '^ +5 ' out
head -c $((size - 144)) real.gbl > cut.gbl
expect 1 'incomplete: it ends after block 6 without a trailer' 'a ledger without its trailer is incomplete' verify cut.gbl
echo more >> flipped.gbl
cat real.gbl flipped.gbl > longer.gbl
expect 1 'trailer: [0-9]+ bytes follow' 'bytes behind the trailer are refused' verify longer.gbl

expect 2 "'missing.gbl': No such file" 'a missing file is named' verify missing.gbl
expect 2 'is a directory' 'a directory is no ledger' verify .
echo 'format: 1' > scenario.yaml
expect 1 'does not start like a ledger' 'nor is a text' verify scenario.yaml
: > empty.gbl
expect 1 'is empty' 'nor is an empty file' verify empty.gbl
expect 2 'verify, show, trace or proof' 'a word is needed'
expect 2 "did you mean 'verify'" 'a slip is understood' verfy real.gbl
expect 2 'which file' 'a file is needed' verify
expect 2 'one file at a time' 'one file is enough' verify real.gbl modelled.gbl

expect 0 '^       6 +00:30:00.000 +2 +0 +1 +1 ' 'show lists every block' show real.gbl
expect 0 'meter 0 offers 5 kWh of solar at 0.4, reserve 0.4, for slot 0' 'a block shows its transactions in words' show real.gbl --block 1
expect 0 'trade 0:1 is settled' 'and what came of them' show real.gbl --block 5
expect 2 'there is no block 7, the ledger has 6' 'a block that is not there is said' show real.gbl --block 7

expect 0 '^trade 0:1, settled' 'trace follows a trade' trace real.gbl --trade 0:1
check 'through nine signed messages with a path each' test "$(grep -cE '^    leaf   [0-9a-f]{64}$' out)" -eq 14
check 'and to match, settlement and both bills' test "$(grep -cE '^  (slot 0 is matched|trade 0:1 is settled with 2 kWh|bill: meter [02] for slot 0)' out)" -eq 4
check 'in lines of at most 80 columns' test "$(wc -L < out)" -le 80
expect 2 'there is no trade 0:2, slot 0 has 2 trades' 'a trade that is not there is said' trace real.gbl --trade 0:2
expect 0 'meter 0 gets from the grid 0.31968; it fed in 4.999 kWh' 'trace follows a meter' trace real.gbl --meter 0 --slot 0
expect 0 '^  it is admitted$' 'from its admission on' trace real.gbl --meter 0
signed_each() {
    n_messages=$(grep -cE '^block [0-9]+, transaction' out)
    [ "$n_messages" -ge 3 ] && [ "$(grep -cE '^  signed by (meter 0|supervisor)' out)" -eq "$n_messages" ] &&
        [ "$(grep -cE '^    leaf   [0-9a-f]{64}$' out)" -eq "$n_messages" ]
}
check 'with signer and hash of every message' signed_each
expect 2 'meter 3 is none of the users' 'a meter that is not there is said' trace real.gbl --meter 3
expect 2 'real.gbl: there is no slot 9: the last one is 0' 'so is a slot beyond the run' trace real.gbl --meter 1 --slot 9
expect 2 'there is no slot 9' 'of which nothing is proven' trace real.gbl --meter 1 --slot 9 --proof none.gbp
check 'or written' test ! -e none.gbp
expect 0 'modelled: who signed is claimed' 'of modelled signatures it says that they prove nothing' trace modelled.gbl --trade 0:1
expect 2 'either --trade or --meter' 'trace needs to know what' trace real.gbl

expect 0 '^trade 0:1, settled' 'trace writes what proves a trade' trace real.gbl --trade 0:1 --proof trade.gbp
mv real.gbl away.gbl
expect 0 '^trade.gbp: proven' 'which holds without the ledger' proof trade.gbp
expect 0 'the one given by --genesis' 'under the genesis that is trusted' proof trade.gbp --genesis "$hash"
expect 1 'not the trusted' 'and under no other' proof trade.gbp --genesis "$other"
mv away.gbl real.gbl
expect 0 '^trade 0:1, settled' 'a proof is replaced by a proof' trace real.gbl --trade 0:1 --proof trade.gbp
expect 2 "'scenario.yaml' is no proof" 'another file is not' trace real.gbl --meter 1 --proof scenario.yaml
check 'and stops it before anything is printed' test "$(wc -l < out)" -eq 1
expect 1 "there is no folder './gone/'" 'so does a missing folder' trace real.gbl --meter 1 --proof ./gone/bills.gbp
expect 2 'are the same file' 'a ledger is not replaced by a proof of it' trace real.gbl --meter 1 --proof ./real.gbl

# full ARGUMENT ...: on a full disk, which a limit on the size of files stands for, a proof fails in
# words, and the one before stays
full() {
    cp trade.gbp before.gbp
    (ulimit -f 1; LC_ALL=C gridbourse ledger trace real.gbl "$@" --proof trade.gbp) 2> out >/dev/null
    [ $? -eq 1 ] && grep -q "^gridbourse: cannot write 'trade.gbp': File too large$" out &&
        cmp trade.gbp before.gbp && [ ! -e trade.gbp.part ]
}
check 'a proof of a trade that finds no space is a failure' full --trade 0:1
check 'so is one of bills' full --meter 1
flip trade.gbp 2000
expect 1 'flipped.gbl: ' 'a flipped bit disproves it' proof flipped.gbl
expect 0 'grid account' 'the bills of a meter are proven as well' trace real.gbl --meter 1 --proof bills.gbp
expect 0 '^  bill: meter 1 for slot 0 pays the grid' 'by themselves' proof bills.gbp
expect 1 'does not start like a proof' 'a ledger is no proof' proof real.gbl
expect 0 'modelled: who signed' 'a proof of modelled signatures can be written' trace modelled.gbl --trade 0:1 --proof modelled.gbp
expect 1 '^modelled.gbp: consistent, but its signatures are modelled and prove nothing' 'and proves nothing' proof modelled.gbp

# unread FILE ARGUMENT ...: the proof holds that was written while the reader of the output was gone
unread() {
    proof=$1
    shift
    { sleep 1; gridbourse ledger trace real.gbl "$@" --proof "$proof" 2> /dev/null; } | true
    gridbourse ledger proof "$proof" > out 2>&1
}
check 'a proof is written though nobody reads what is printed' unread unread.gbp --trade 0:1
