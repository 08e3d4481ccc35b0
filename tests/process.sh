#!/bin/sh
# Strategies of the user's own in a process: the same replies have the same result, whatever the
# threads; and whatever is wrong with a reply ends its trial with words, and no other.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"
. "$srcdir/tests/own_strategies.sh"
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

run() { gridbourse run --quiet small.yaml -o "$@" >out 2>err; }

# says WORDS BODY [TIMEOUT]: a process of this shell script ends the run with these words
says() {
    printf '%s\n' "$2" >bad.sh
    rm -f x.h5
    gridbourse run --quiet small.yaml -o x.h5 --set "agents.process=sh bad.sh" \
        --set "agents.process_timeout=${3:-1 min}" >out 2>err
    [ $? -eq 1 ] && grep -qF -- "the process 'sh bad.sh'" err && grep -qF -- "$1" err && [ ! -e x.h5 ]
}
ready='read -r line; echo "{\"id\":0}"; read -r line'

cp "$srcdir/tests/echo_strategy.sh" echo.sh
small process "sh echo.sh"

echo 1..31
gridbourse run --quiet small.yaml --set agents.strategy=truthful -o truthful.h5
run echo.h5 && gridbourse diff echo.h5 truthful.h5 >out 2>err
ok "a process that quotes every reserve as it stands has the rows of truthful"

threads_alike
ok "a sweep has the same bytes on any number of threads"

tee_it='tee said | sh echo.sh'
run x.h5 --set "agents.process=$tee_it" &&
    grep -q '"type":"reset","id":0,"version":3,"seed":3,"replication":0,"meters":12,"first_slot":0,"slots":16,"slot_seconds":3600,"open_seconds":900,"gate_seconds":300,"feed_in":0.31,"retail":0.59,"fee":0,"reserve_buy":\[' said &&
    [ "$(grep -c '"type":"quote"' said)" -eq 16 ] && [ "$(grep -c '"type":"reward"' said)" -eq 16 ] &&
    tail -n 1 said | grep -qx '{"type":"close"}'
ok "it is told the facts of the run, then every batch, every slot's outcome, and the end"

run x.h5 --set "agents.process=$tee_it" --set market.mechanism=continuous &&
    grep -q '"type":"requote","id":[0-9]*,"slot":[0-9]*,"meter":\[[0-9]*\],"side":\["' said &&
    grep -q '"type":"observe","slot":[0-9]*,"shouts":\[{"side":"sell","source":"' said &&
    grep -q '"last_price":\[0' said
ok "in a continuous auction it is asked anew at wake-ups, and told what its node learns"

sed 's/{"id":0}/{"id":0,"observe":false}/' echo.sh >deaf.sh
run y.h5 --set "agents.process=tee deaf | sh deaf.sh" --set market.mechanism=continuous &&
    grep -q '"observe":false' deaf.sh && ! grep -q '"type":"observe"' deaf && gridbourse diff x.h5 y.h5 >out
ok "one that says at its reset that it does not learn is told of no block"

run x.h5 --set "agents.process=echo some news >&2; exec sh echo.sh" && grep -qx 'some news' err
ok "what it prints to its standard error is seen"

says "message 0 (reset, 12 meters): no reply within 300 ms (agents.process_timeout)" "sleep 60" "300 ms"
ok "a late reply is an error"

says "expected a JSON object like" "$ready; echo hello"
ok "a reply that is no JSON is an error that shows it"
says "expected a line of JSON like" "$ready; echo '{\"id\":1,\"quote\":[0.4'"
ok "half a reply is an error"
says "expected observe to be true or false, got: {\"id\":0,\"observe\":0}" \
    "read -r line; echo '{\"id\":0,\"observe\":0}'" &&
    says "expected only the keys id and observe, or error" "read -r line; echo '{\"id\":0,\"learn\":false}'"
ok "a reply to reset that says neither yes nor no, or something else, is an error"
says "expected the id 1 of what it was sent last, got: {\"id\":4," "$ready; echo '{\"id\":4,\"quote\":[]}'"
ok "an id that was not asked for is an error"
says "expected an id, got: {\"quote\"" "$ready; echo '{\"quote\":[1,2,3,4,5,6]}'"
ok "a reply without an id is an error"
says "expected a quote, got" "$ready; echo '{\"id\":1}'"
ok "a reply without quotes is an error"
says "expected quote with 6 numbers, one an order, got" "$ready; echo '{\"id\":1,\"quote\":[0.4,0.4]}'"
ok "a reply with too few quotes is an error"
says "quote[1]: expected a number, got 'null'" "$ready; echo '{\"id\":1,\"quote\":[0.4,null,0.4,0.4,0.4,0.4]}'"
ok "a quote that is no number is an error"
says "beta[0]: expected a number from 0 to 1 or null, got '1.5'" \
    "$ready; echo '{\"id\":1,\"quote\":[0.4,0.4,0.4,0.4,0.4,0.4],\"beta\":[1.5]}'"
ok "a beta above 1 is an error"
says "expected only the keys id, quote and beta, or error" "$ready; echo '{\"id\":1,\"quotes\":[0.4]}'"
ok "an unknown key is an error"
says "expected a price within the band, 0.31 to 0.59" \
    "$ready; echo '{\"id\":1,\"quote\":[0.4,0.590001,0.4,0.4,0.4,0.4]}'" && grep -q 'quotes 0.590001 for meter' err
ok "a price outside the band is an error"
ready_street='read -r line; echo "{\"id\":0}"; while read -r line; do case $line in
    *\"type\":\"quote\"*) printf "%s\n" "$line" | sh echo.sh ;;
    *\"type\":\"requote\"*) id=${line#*\"id\":}; echo "{\"id\":${id%%,*},\"quote\":[0.4],\"total_wh\":[TOTAL]}" ;; esac; done'
cp small.yaml still.yaml
echo "market.mechanism: continuous" >>small.yaml
says "total_wh[0]: expected a number of whole Wh from 0 on or null, got '-1'" \
    "$(printf '%s' "$ready_street" | sed 's/TOTAL/-1/')"
ok "a total below nought is an error"
says "expected 0 to" "$(printf '%s' "$ready_street" | sed 's/TOTAL/1000000000/')" &&
    grep -qF "takes energy back and adds none" err
ok "and so is one that would have an order grow"
mv still.yaml small.yaml
says "it replied with the error: no data for this day" "$ready; echo '{\"id\":1,\"error\":\"no data for this day\"}'"
ok "a process can say itself why it does not go on"
says "it ended with status 3" "$ready; exit 3" && says "it ended with status 0" "exit 0"
ok "a process that ends is an error, and writing to it no signal"
says "it was ended by signal 11" "$ready; kill -SEGV \$\$" &&
    says "it ended with status 127: its command was not found" "exec ./no_such_command"
ok "a process that crashes or does not start is an error"

cat >stays.sh <<'EOF2'
echo $$ >pid
trap '' TERM
sh echo.sh
exec >&-
sleep 60
EOF2
run x.h5 --set "agents.process=exec sh stays.sh" --set "agents.process_timeout=500 ms" &&
    ! kill -0 "$(cat pid)" 2>err
ok "a process that does not end with the run is ended, and nothing of it stays"

cat >picky.sh <<'EOF2'
read -r line
case $line in *'"replication":1,'*) exit 3 ;; esac
echo '{"id":0}'
exec sh echo.sh
EOF2
two_fail "the process 'sh picky.sh'.* it ended with status 3" "agents.process=sh picky.sh"
ok "where a process fails its trial fails and the others go on"

cat >street.yaml <<'EOF2'
format: 1
slot: 5 min
slots: 24
meters: {count: 20, wind_share: 1}
market: {gate: 20 s, open: 5 min, mechanism: continuous}
agents.traits: wide
forecast.kind: perfect
output.level: market
agents.strategy: process
chain.fee: 0.001
EOF2
# takes_back DELAY: a run whose agents cancel and take energy back; told NAME: how often that was heard
takes_back() {
    gridbourse run --quiet street.yaml -o back.h5 --set "chain.delay=exponential $1" \
        --set "agents.process=$python $srcdir/tests/cancelling_strategy.py" >out 2>err
}
told() { sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" err | grep . || echo 0; }
name="a process cancels and takes energy back, and what it hears of fills and receipts agrees with what it is asked"
if command -v "$python" >/dev/null; then
    takes_back "20 ms" && [ "$(told "cancel accepted")" -gt 100 ] && [ "$(told "amendment accepted")" -gt 100 ] &&
        [ "$(told fills)" -gt 100 ] && cp err first && takes_back "20 ms" && cmp -s err first
    ok "$name"
    takes_back "2 s" && [ "$(told "amendment already_done")" -gt 0 ]
    ok "and on slow links it hears of fill races that it lost"
else
    skip "$name" "no python3"
    skip "and on slow links it hears of fill races that it lost" "no python3"
fi
name="a replay of /orders alone makes the trades of orders that were cancelled and cut"
if has_h5py && [ -s back.h5 ]; then
    py "$srcdir/tests/replay.py" back.h5 >out 2>err && read -r trials trades amended <out &&
        [ "$trials" -eq 1 ] && [ "$trades" -gt 50 ] && [ "$amended" -gt 50 ]
    ok "$name"
else
    skip "$name" "no Python with h5py here"
fi

# ---- templates
# shellcheck disable=SC2016
twice() {
    run first.h5 --set "agents.process=$1" && run again.h5 --set "agents.process=$1" &&
        cmp first.h5 again.h5 && ! gridbourse diff first.h5 truthful.h5 >out 2>err
}

name="the template in Python runs, and again with the same bytes"
if command -v "$python" >/dev/null; then
    gridbourse init --strategy-process python my_strategy.py && twice "$python my_strategy.py"
    ok "$name"
else
    skip "$name" "no python3"
fi

name="the template in R runs, and again with the same bytes"
if command -v Rscript >/dev/null; then
    gridbourse init --strategy-process R my_strategy.R && twice "Rscript my_strategy.R"
    ok "$name"
else
    skip "$name" "no Rscript"
fi

name="the environment of PettingZoo keeps to the parallel interface, and its rewards add up to what was saved"
gridbourse init --strategy-process pettingzoo gridbourse_env.py
if "$python" -c 'import numpy' 2>/dev/null; then
    PYTHONPATH=$srcdir/tests/environment "$python" "$srcdir/tests/environment/check.py" "$work" >out 2>err &&
        gridbourse diff env.h5 truthful.h5 >>out 2>>err &&
        gridbourse run small.yaml --set agents.strategy=truthful -o x.h5 >summary 2>>err &&
        grep -q "community  saves $(sed -n 's/^saved //p' out) " summary
    ok "$name"
else
    skip "$name" "no python3 with numpy"
fi
exit $failed
