#!/bin/sh
# A sweep that is interrupted, killed or short of disk or memory loses no finished trial: taken up again
# it has the bytes of one that nothing disturbed, and so have its shards when they are merged.
# GB_KILLS kills it so many times (40; make check-long: 1000).
. "$srcdir/tests/sweep_files.sh"

sweep() { gridbourse sweep "$@"; }

cat >grid.yaml <<'EOF2'
format: 1
scenario: small.yaml
vary:
  market.beta: [0.1, 0.2]
  meters.count: [4, 9]
replications: 12
EOF2
sed 's/replications: 12/replications: 12000/' grid.yaml >long.yaml
sed 's/replications: 12/replications: 2/' grid.yaml >short.yaml

echo 1..42
sweep grid.yaml -q --threads 1 -o whole.h5

# ---- taking up
# stopped OUT: a long sweep that SIGTERM ended
stopped() {
    gridbourse sweep long.yaml --threads 1 -o "$1" >out 2>err &
    pid=$!
    # a second or so of trials, then as much as it takes for one record
    until [ "$(bytes_of "$1.journal")" -gt 20000 ]; do
        kill -0 $pid 2>/dev/null || break
        sleep 0.1
    done
    kill -TERM $pid
    wait $pid
}
stopped cut.h5
[ $? -eq 130 ] && grep -qE 'interrupted: [0-9]+ of 48000 trials were finished and are in cut.h5' err &&
    grep -q 'same command with --resume goes on with cut.h5.journal' err && [ -s cut.h5.journal ] &&
    [ ! -e cut.h5.part ]
ok 'a sweep that is interrupted keeps what was finished, in the result and in the journal'
ends 0 gridbourse compare cut.h5 && grep -qE '^cut.h5: [0-9]+ of 48000 trials in [1-4] cells' out &&
    grep -qE ' [0-9]+ of 12000' out && grep -q 'The sweep was interrupted' out
ok 'its result says so, and which cells lack trials'
cp cut.h5.journal before
ends 2 sweep long.yaml --threads 1 -o cut.h5 && cmp -s before cut.h5.journal &&
    grep -qE "'cut.h5.journal' holds [0-9]+ of 48000 trials of this sweep: --resume goes on with them, --restart begins anew" err
ok 'the same command again refuses, with two words to choose from'
ends 2 sweep long.yaml -o cut.h5 --resume --restart && ends 2 sweep long.yaml --shard 1/2 --trial 3 &&
    ends 2 sweep long.yaml --shard 3/2 && grep -q 'the K-th of N parts' err &&
    ends 2 sweep long.yaml --trial 48000 && grep -q 'there is no trial 48000: the sweep has 0 to 47999' err
ok 'what cannot be meant is refused'
ends 2 sweep grid.yaml -o cut.h5 --resume &&
    grep -q "belongs to another sweep: it has 'replications: 12000' where this one has 'replications: 12'" err &&
    ends 2 sweep long.yaml -o cut.h5 --resume --shard 1/2 &&
    grep -q 'is that of all of this sweep, not of shard 1 of 2' err &&
    ends 2 sweep grid.yaml -o cut.h5 && grep -q -- '; --restart begins anew, -o names another result' err &&
    cmp -s before cut.h5.journal
ok 'a journal of another sweep, or of another part, is refused with the reason'
if hides_nothing; then
    skip 'and one of another processor' 'this libm computes the same without these instructions'
else
    ends 2 env "$hidden" gridbourse sweep long.yaml -o cut.h5 --resume && cmp -s before cut.h5.journal &&
        grep -q 'computed with another libm, or on another kind of processor (fingerprint [0-9a-f]\{32\}, here' err
    ok 'and one of another processor'
fi
cp cut.h5.journal grid.h5.journal
ends 0 sweep grid.yaml -q -o grid.h5 --restart && cmp -s grid.h5 whole.h5 && [ ! -e grid.h5.journal ]
ok '--restart begins anew'
ends 0 sweep grid.yaml -o grid.h5 --resume && grep -q 'all 48 trials are in grid.h5 already' out &&
    cmp -s grid.h5 whole.h5
ok '--resume of a finished sweep has nothing to do'
ends 2 sweep grid.yaml -q -o grid.h5 &&
    grep -q "'grid.h5' has all 48 trials of this sweep: --resume leaves it as it is, --restart begins anew" err &&
    cmp -s grid.h5 whole.h5 && [ ! -e grid.h5.journal ]
ok 'the same command again on a finished sweep refuses, with the same two words'
ends 2 sweep short.yaml -q -o grid.h5 &&
    grep -q "'grid.h5' holds 48 trials of another sweep, or of another revision of the program: --restart replaces it, -o names another" err &&
    ends 2 sweep grid.yaml -q --trial 3 -o grid.h5 && ends 2 gridbourse run small.yaml -q -o grid.h5 &&
    grep -q "'grid.h5' is the result of a sweep, which a run does not replace: -o names another" err &&
    cmp -s grid.h5 whole.h5 && [ ! -e grid.h5.journal ] && [ ! -e grid.h5.part ]
ok 'a finished sweep is replaced neither by another, nor by a trial of it, nor by a run'
ends 0 sweep short.yaml -q -o grid.h5 --restart && ends 0 gridbourse run small.yaml -q -o one.h5 && cp one.h5 first.h5 &&
    ends 0 gridbourse run small.yaml -q -o one.h5 && cmp -s one.h5 first.h5 && ends 0 sweep short.yaml -q -o one.h5 &&
    cmp -s one.h5 grid.h5 && ends 0 sweep grid.yaml -q --trial 3 -o trial.h5 && ends 0 sweep grid.yaml -q --trial 3 -o trial.h5
ok 'but by --restart; a single trial is replaced by whatever runs there'
rm one.h5 first.h5 trial.h5
cp whole.h5 grid.h5
ends 0 sweep grid.yaml -q -o new.h5 --resume && cmp -s new.h5 whole.h5
ok 'and begins where nothing is begun'
ends 2 sweep grid.yaml -o cut.h5 --resume && rm cut.h5.journal &&
    ends 2 sweep long.yaml -o cut.h5 --resume && grep -q 'the journal they were in is gone' err &&
    ends 2 sweep grid.yaml -o cut.h5 --resume && grep -q 'is the result of something else' err
ok 'a result without its journal is not taken for finished'
rm -f cut.h5 new.h5 grid.h5

# ---- disk and memory
(ulimit -f 40; trap '' XFSZ; sweep grid.yaml --threads 1 -o full.h5 2>&1; echo "exit $?") | cat >err
grep -q '^exit 1$' err && grep -qE "[1-9][0-9]* of 48 trials were finished and are kept in 'full.h5.journal'" err &&
    ends 2 sweep grid.yaml -o full.h5 && ends 0 sweep grid.yaml -q -o full.h5 --resume && cmp -s full.h5 whole.h5 &&
    [ ! -e full.h5.journal ]
ok 'a full disk ends a sweep and takes no trial away'
if [ -e "$failing" ]; then
    : >full.h5.part && ends 1 breaking write:own:1+:ENOSPC gridbourse sweep grid.yaml --threads 1 -o none.h5 &&
        [ ! -e none.h5 ] && [ ! -e none.h5.journal ]
    ok 'a disk that is full from the start is left as it was'
    ends 1 breaking rename:own:1+:EIO gridbourse sweep grid.yaml -q --restart -o full.h5 &&
        grep -q "48 of 48 trials were finished and are kept in 'full.h5.journal'" err &&
        cp full.h5.journal before && ends 0 sweep grid.yaml -q -o full.h5 --resume && cmp -s full.h5 whole.h5 &&
        [ ! -e full.h5.journal ]
    ok 'a journal whose result could not be written is finished by --resume alone'
    estimate() { # journal or memory of `sweep ARGUMENTS... --check`, in MB or MiB
        what=$1
        shift
        gridbourse sweep "$@" --check | tr '\n' ' ' |
            sed "s/.* threads*, \([0-9.e+-]*\) MiB of memory, \([0-9.e+-]*\) MB of journal.*/\\$([ "$what" = memory ] && echo 1 || echo 2)/"
    }
    is_near() { awk -v a="$1" -v b="$(wc -c <"$2")" 'BEGIN {r = 1e6 * a / b; exit !(r > 0.67 && r < 1.5)}'; }
    ends 1 breaking rename:own:1+:EIO gridbourse sweep grid.yaml -q --set output.level=market -o rows.h5 &&
        is_near "$(estimate journal grid.yaml)" before &&
        is_near "$(estimate journal grid.yaml --set output.level=market)" rows.h5.journal
    ok '--check tells the bytes of the journal, of summaries and of rows, to a half'
    most=$(gridbourse sweep grid.yaml --check | sed -n 's/.*at most \([0-9.]*\) MB of result.*/\1/p')
    awk -v most="$most" -v size="$(wc -c <whole.h5)" 'BEGIN { exit !(size <= 1e6 * most && 1e6 * most < 2 * size) }'
    ok '  and what a result takes at most'
    [ "$(wc -c <rows.h5.journal)" -gt "$((2 * $(wc -c <before)))" ]
    ok '  and rows take more'
    printf 'format: 1\nscenario: %s\nset: {chain.protocol: ideal, slots: 12}\nvary: {meters.count: [8000, 4, 40]}\n' \
        "$srcdir/experiments/village.yaml" >sizes.yaml
    one=$(estimate memory sizes.yaml --threads 1) three=$(estimate memory sizes.yaml --threads 3)
    many=$(estimate memory sizes.yaml --threads 30) few=$(estimate memory grid.yaml --threads 1)
    # pages that a process holds vary by one MiB or so from run to run
    awk -v few="$few" -v one="$one" -v three="$three" -v many="$many" \
        'BEGIN { d = three - many; exit !(few < one + 2 && one + 4 < three && d <= 2 && d >= -2) }'
    ok '--check counts the memory of as many of the largest trials as there are at a time'
    found=1
    # somewhere amid the trials: which allocation that is, and what of it fails, is nobody's promise
    (GB_FAIL_COUNT=count; export GB_FAIL_COUNT; breaking alloc:own:0:ENOMEM gridbourse sweep grid.yaml --threads 1 -q -o poor.h5)
    for part in 3 4 5 6 7 8; do
        number=$(($(cat count) * part / 10))
        rm -f poor.h5*
        ends 1 breaking "alloc:own:$number:ENOMEM" gridbourse sweep grid.yaml --threads 1 -o poor.h5 &&
            grep -q '^47 of 48 trials in poor.h5' out && { found=0; break; }
    done
    [ $found -eq 0 ] && grep -qE 'trial [0-9]+ \(market.beta=0.[12], meters.count=[49], seed 1, replication [0-9]+\) failed: ' err
    ok 'a trial that fails is told with its cell, seed and replication, and stops no other'
    trial=$(sed -n 's/.*: trial \([0-9]*\) (.*/\1/p' err)
    command=$(sed -n 's/^  alone: //p' err)
    [ "$command" = "gridbourse sweep grid.yaml --trial $trial" ] && ends 0 sh -c "$command -q" &&
        gridbourse compare "grid.trial-$trial.h5" | grep -q "h5: 1 of 48 trials, "
    ok 'and with the command that runs it alone'
    gridbourse compare poor.h5 >out && grep -q "^  trial $trial failed: " out && grep -q ' 11 of 12 ' out &&
        ! grep -q 'The sweep was interrupted' out && [ -s poor.h5.journal ]
    ok 'the result names it'
    ends 0 sweep grid.yaml -q -o poor.h5 --resume && cmp -s poor.h5 whole.h5 && [ ! -e poor.h5.journal ]
    ok 'and --resume tries it again'
else
    for i in 1 2 3 4 5 6 7 8 9; do skip "calls that fail ($i)" 'no library can be preloaded here'; done
fi
# under limits of its address space: a trial comes up against one, or the result
printf '%s\n' 'format: 1' 'scenario: small.yaml' 'vary: {meters.count: [4, 40000]}' 'replications: 3' >large.yaml
if (ulimit -v 4000000; gridbourse --version >out 2>err); then
    sweep large.yaml -q -o large.h5
    all=0 n_kept=0
    for mib in 44 52 60 72; do
        rm -f poor.h5*
        (ulimit -v $((mib * 1024)); sweep large.yaml -q --threads 1 -o poor.h5) >out 2>err
        [ ! -s poor.h5.journal ] || { n_kept=$((n_kept + 1)); grep -q 'no memory' err || all=1; }
        sweep large.yaml -q -o poor.h5 --resume 2>>err && cmp -s poor.h5 large.h5 && [ ! -e poor.h5.journal ] || all=1
    done
    [ $all -eq 0 ] && [ $n_kept -gt 0 ]
    ok 'where memory is limited what was finished is kept, and --resume finishes the rest'
else
    skip 'where memory is limited what was finished is kept' 'this program needs more address space than can be limited'
fi

# ---- shards
for k in 1 2 3; do sweep grid.yaml -q --shard $k/3 2>>err; done
ends 0 gridbourse merge -o merged.h5 grid.shard-*-of-3.h5 && cmp -s merged.h5 whole.h5 &&
    grep -q '48 of 48 trials of 3 shards in merged.h5' out && [ -z "$(ls ./*.merge 2>/dev/null)" ]
ok 'shards merge to the bytes of the whole'
part='Shard 2 of 3 alone, of 48 trials in all'
gridbourse compare grid.shard-2-of-3.h5 | grep -q "^$part: .gridbourse merge. joins them" &&
    gridbourse compare grid.shard-2-of-3.h5 --against market.beta=0.1 --latex | grep -q "^% $part" &&
    gridbourse figures grid.shard-2-of-3.h5 -d part --only curves --format svg >out 2>err && grep -q "$part\.$" part/curves.txt &&
    ! gridbourse compare merged.h5 | grep -q alone
ok 'what is made of one shard says so'
ends 2 gridbourse merge -o some.h5 grid.shard-2-of-3.h5 && [ ! -e some.h5 ] &&
    grep -q '32 trials are missing: shard 1, 3 of 3; run or --resume these, or say --allow-missing' err &&
    ends 1 gridbourse merge --allow-missing -o some.h5 grid.shard-2-of-3.h5 &&
    gridbourse compare some.h5 | grep -q 'some.h5: 16 of 48 trials'
ok 'shards that are missing are named, and missed only where that is allowed'
cp some.h5 before.h5
ends 2 gridbourse merge -o merged.h5 grid.shard-*-of-3.h5 && cmp -s merged.h5 whole.h5 &&
    grep -qF "'merged.h5' has all 48 trials of this sweep: --resume leaves it as it is, --restart begins anew" err &&
    ends 2 gridbourse merge -o some.h5 grid.shard-*-of-3.h5 && cmp -s some.h5 before.h5 &&
    grep -qF "'some.h5' has 16 of 48 trials of this sweep: --resume goes on with them, --restart begins anew" err &&
    ends 2 gridbourse merge --allow-missing --resume -o some.h5 grid.shard-[13]-of-3.h5 && cmp -s some.h5 before.h5 &&
    grep -q "'some.h5' has trials that these shards do not, trial 1 first" err &&
    ends 2 gridbourse merge --resume --restart -o some.h5 grid.shard-*-of-3.h5 && [ -z "$(ls ./*.merge 2>/dev/null)" ]
ok 'a result that is there is not replaced by a merge, with two words to choose from'
ends 0 gridbourse merge --resume -o merged.h5 grid.shard-*-of-3.h5 && grep -q 'all trials are in merged.h5 already' out &&
    ends 0 gridbourse merge --resume -o some.h5 grid.shard-*-of-3.h5 && cmp -s some.h5 whole.h5 &&
    ends 1 gridbourse merge --allow-missing --restart -o some.h5 grid.shard-2-of-3.h5 && cmp -s some.h5 before.h5
ok 'which leave what is whole, merge what there is now, or replace it'
sweep grid.yaml -q --shard 1/3 --seed 7 -o other.h5
sweep grid.yaml -q --shard 1/4 -o fourth.h5
gridbourse run small.yaml -q -o run.h5
cp run.h5 alone.h5
ends 2 gridbourse merge --resume -o alone.h5 grid.shard-*-of-3.h5 && cmp -s run.h5 alone.h5 &&
    grep -qF "'alone.h5' is a result of something else, with 1 trial: --restart replaces it, -o names another" err &&
    ends 0 gridbourse merge --restart -o alone.h5 grid.shard-*-of-3.h5 && cmp -s alone.h5 whole.h5
ok 'a result of something else is replaced where that is asked for alone'
ends 2 gridbourse merge -o no.h5 grid.shard-2-of-3.h5 other.h5 &&
    grep -q "'other.h5' belongs to another sweep than 'grid.shard-2-of-3.h5'" err &&
    ends 2 gridbourse merge -o no.h5 fourth.h5 grid.shard-2-of-3.h5 && grep -q 'merge shards of one division' err &&
    ends 2 gridbourse merge -o no.h5 grid.shard-2-of-3.h5 ./grid.shard-2-of-3.h5 && grep -q 'are both shard 2 of 3' err &&
    ends 2 gridbourse merge -o no.h5 run.h5 && grep -q "'run.h5' is the result of a single run" err &&
    head -c 20000 merged.h5 >short.h5 && ends 2 gridbourse merge -o no.h5 short.h5 && grep -q 'truncated' err &&
    ends 2 gridbourse merge -o no.h5 grid.shard-2-of-3.h5 none.h5 && grep -q "'none.h5': No such file" err &&
    ends 2 gridbourse merge -o no.h5 && ends 2 gridbourse merge run.h5 && [ ! -e no.h5 ]
ok 'what is foreign, cut short or not there is named, with exit 2'
if hides_nothing; then
    skip 'a shard of another processor as well' 'this libm computes the same without these instructions'
else
    env "$hidden" gridbourse sweep grid.yaml -q --shard 3/3 -o old.h5
    ends 2 gridbourse merge -o no.h5 grid.shard-[12]-of-3.h5 old.h5 && [ ! -e no.h5 ] &&
        grep -q "'old.h5' was computed with another libm, or on another kind of processor, than 'grid.shard-1-of-3.h5'" err
    ok 'a shard of another processor as well'
fi
sweep grid.yaml -q --set output.level=meters -o fine.h5
for k in 1 2; do sweep grid.yaml -q --set output.level=meters --shard $k/2 -o fine.$k.h5; done
ends 0 gridbourse merge -q --restart -o merged.h5 fine.2.h5 fine.1.h5 && cmp -s merged.h5 fine.h5
ok 'every table of a shard is merged, whatever their order'

# ---- some draws kept
sed 's/^replications.*/redraw: [behaviour, chain]\nreplications: 12/' grid.yaml >given.yaml
sweep given.yaml -q --threads 1 -o given.h5
GB_SHARED_BYTES=0 gridbourse sweep given.yaml -q --threads 2 -o given-alone.h5
for k in 1 2; do sweep given.yaml -q --shard $k/2 -o given.$k.h5; done
ends 0 gridbourse merge -q --restart -o merged.h5 given.1.h5 given.2.h5 && cmp -s merged.h5 given.h5 && cmp -s given-alone.h5 given.h5 &&
    ! cmp -s given.h5 whole.h5
ok 'a sweep that redraws less has the same bytes with and without shared physics and in shards'
(ulimit -f 40; trap '' XFSZ; sweep given.yaml --threads 1 -o cut.h5 2>&1) >out
rm -f cut.h5 && ends 2 sweep grid.yaml -o cut.h5 --resume && grep -q 'belongs to another sweep' err &&
    ends 0 sweep given.yaml -q -o cut.h5 --resume && cmp -s cut.h5 given.h5
ok 'and where it was cut off and taken up, but under what it redraws alone'
ends 0 gridbourse compare given.h5 && grep -q '^Intervals extend over behaviour and the chain, given this weather and these households\.$' out &&
    ends 0 gridbourse compare whole.h5 && grep -q '^Intervals extend over weather, households, behaviour and the chain\.$' out &&
    ends 0 gridbourse compare merged.h5 --against market.beta=0.1 &&
    grep -q '^It extends over behaviour and the chain, given this weather and these households\.$' out
ok 'what is made of it says over what its intervals extend'

# ---- a warm-up
sed 's/^replications.*/warm_up: 1 d\nset: {slots: 14, output.level: market}\nreplications: 3/' grid.yaml >warm.yaml
sweep warm.yaml -q --threads 1 -o warm.h5
GB_SHARED_BYTES=0 gridbourse sweep warm.yaml -q --threads 2 -o warm-alone.h5
for k in 1 2; do sweep warm.yaml -q --shard $k/2 -o warm.$k.h5; done
(ulimit -f 20; trap '' XFSZ; sweep warm.yaml --threads 1 -o cut.h5 2>&1) >out
rm -f cut.h5
ends 0 gridbourse merge -q --restart -o merged.h5 warm.1.h5 warm.2.h5 && cmp -s merged.h5 warm.h5 && cmp -s warm-alone.h5 warm.h5 &&
    ends 0 sweep warm.yaml -q -o cut.h5 --resume && cmp -s cut.h5 warm.h5 &&
    ends 0 gridbourse compare warm.h5 && grep -q ', 2 slots of 120 min' out
ok 'a sweep with a warm-up counts what is behind it, in shards and taken up as well'
for wrong in 's/^  market.beta.*/  warm_up: [0 s, 1 d]/' 's/^vary:/cases: [{name: a, set: {warm_up: 1 d}}]\nvary:/'; do
    sed "$wrong" grid.yaml >wrong.yaml
    ends 2 sweep --check wrong.yaml && grep -q "'warm_up' is the same in every cell; it stands at the top of the sweep" err || break
done && sed 's/^warm_up.*/warm_up: 20 h/' warm.yaml >wrong.yaml && ends 2 sweep --check wrong.yaml &&
    grep -q "warm_up: expected whole days like .1 d., got '20 h'; the nearest is 1 d" err &&
    sed 's/^warm_up.*/warm_up: [1 d]/' warm.yaml >wrong.yaml && ends 2 sweep --check wrong.yaml &&
    grep -q 'warm_up: expected a duration of whole days' err
ok 'which is the same in every cell, and whole days'

# ---- killed
# killed N: at the N-th of the calls that change files, or after N hundredths of a second. Succeeds
# where the sweep was finished before.
killed() {
    if [ -e "$failing" ] && [ $(($1 % 2)) -eq 0 ]; then
        breaking "open+write+sync+truncate+rename+unlink:own:$1:KILL" gridbourse sweep grid.yaml -q --resume \
            --threads "$threads" -o killed.h5
    else
        timeout -s KILL "$(printf 0.%02d $(($1 % 40)))" gridbourse sweep grid.yaml -q --resume --threads "$threads" \
            -o killed.h5
    fi
} >out 2>err

# kills N: kills so many sweeps at random moments; each is taken up until it is finished
kills() {
    left=$1 random=7 n_finished=0 threads=1
    while [ "$left" -gt 0 ]; do
        random=$(((random * 1103515245 + 12345) % 2147483648))
        if killed $((random / 65536 % 100 + 1)) 2>/dev/null; then
            cmp -s killed.h5 whole.h5 && [ ! -e killed.h5.journal ] && [ ! -e killed.h5.part ] || return 1
            rm -f killed.h5
            n_finished=$((n_finished + 1)) threads=$((3 - threads))
        else
            grep -qi 'refused\|damaged\|no journal' err && return 1
            left=$((left - 1))
        fi
    done
    sweep grid.yaml -q --resume -o killed.h5 >out 2>err && cmp -s killed.h5 whole.h5
}
kills "${GB_KILLS:-40}"
ok "a sweep that is killed ${GB_KILLS:-40} times comes to the same bytes ($n_finished were finished between)"

rm -f killed.h5*
gridbourse sweep long.yaml -q -o killed.h5 >out 2>err &
pid=$!
until [ "$(bytes_of killed.h5.journal)" -gt 20000 ]; do sleep 0.1; done
kill -TERM $pid
kill -KILL $pid
wait $pid 2>/dev/null
ends 2 sweep long.yaml -o killed.h5 && grep -qE 'holds [1-9][0-9]* of 48000 trials' err
ok 'SIGTERM with SIGKILL behind it loses nothing'

printf 'format: 1\nscenario: %s\nset: {chain.protocol: ideal, slots: 2, meters.count: 3, agents.strategy: process, agents.process: exit 3}\n' \
    "$srcdir/experiments/village.yaml" >lost.yaml
ends 1 sweep lost.yaml -q && [ ! -e lost.h5 ] && [ ! -e lost.h5.journal ] && grep -q '^  alone: gridbourse sweep lost.yaml --trial 0' err &&
    grep -q 'nothing is finished: the same command begins anew' err && ! grep -q 'resume' err && ends 1 sweep lost.yaml -q
ok 'where every trial fails there is nothing to resume, and it says so'
exit $failed
