#!/bin/sh
# Strategies of the user's own where the grid's prices differ by time and kind of household: each order
# comes with those of its meter and slot, and its quote is held to them.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/own_strategies.sh"
. "$srcdir/tests/python.sh"
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

cat >village.yaml <<'EOF2'
format: 1
seed: 3
slot: 30 min
days: 1
start_date: 2024-06-03
chain.protocol: ideal
output.level: market
tariff: {retail_by_time: "0:00 0.2, 6:00 0.5", feed_in_by_time: "0:00 0.05, 12:00 0.1"}
households:
  flat: {count: 3, tariff: {retail: 0.6}}
  farm: {count: 4, pv: {size: 10}, storage: {}}
EOF2
run() { gridbourse run --quiet village.yaml -o "$@" >out 2>err; }
process() { run "$1" --set agents.strategy=process --set "agents.process=$2"; }
cp "$srcdir/tests/echo_strategy.sh" echo.sh

echo 1..7
run truthful.h5 --set agents.strategy=truthful && process echo.h5 "sh echo.sh" &&
    gridbourse diff echo.h5 truthful.h5 >out 2>err
ok "a process that quotes every reserve as it stands has the rows of truthful"

for mechanism in two_round continuous; do
    name="each order of a process comes with the tariff of its meter and slot, in $mechanism"
    if "$python" -c '' 2>/dev/null; then
        process own.h5 "$python $srcdir/tests/tariff_strategy.py" --set market.mechanism=$mechanism &&
            grep -q '"quote": [1-9][0-9]' err && ! gridbourse diff own.h5 truthful.h5 >out
        ok "$name"
    else
        skip "$name" "no python3"
    fi
done

cat >dear.sh <<'EOF2'
exec sed -nu -e 's/.*"type":"reset".*/{"id":0}/p' \
    -e 's/.*"type":"quote","id":\([0-9]*\),.*"retail":\[\([^]]*\)\].*/{"id":\1,"quote":[\2]}/p'
EOF2
process dear.h5 "sh dear.sh"
ok "the own retail may be quoted"
cat >dearer.sh <<'EOF2'
exec sed -nu -e 's/.*"type":"reset".*/{"id":0}/p' \
    -e '/"type":"quote"/{s/.*"id":\([0-9]*\),.*"retail":\[\([^]]*\)\].*/{"id":\1,"quote":[\2]}/; s/0\.2/0.200001/; p}'
EOF2
process x.h5 "sh dearer.sh"
[ $? -eq 1 ] && grep -q "quotes 0.200001 for meter [0-6], which buys in slot" err &&
    grep -qF "expected a price within its own tariff of the slot, 0.05 to 0.2" err
ok "more is an error that names meter, slot and tariff, though others may pay it"

name="the plug-in that init writes has the rows of truthful where it asks for nothing beyond reserves"
if gridbourse init --strategy-plugin my_strategy.c >out 2>err &&
    ${CC:-cc} -O2 -fPIC -shared -I"$srcdir/include" -o my_strategy.so my_strategy.c 2>err; then
    run none.h5 --set agents.strategy=plugin --set agents.plugin=./my_strategy.so \
        --set agents.plugin_options=share=0 && gridbourse diff none.h5 truthful.h5 >out &&
        run some.h5 --set agents.strategy=plugin --set agents.plugin=./my_strategy.so &&
        ! gridbourse diff some.h5 truthful.h5 >out
    ok "$name"
else
    skip "$name" "no compiler that builds a shared object"
fi

name="the environment of PettingZoo rewards trades by the prices of the grid to each home"
if "$python" -c 'import numpy' 2>/dev/null; then
    gridbourse init --strategy-process pettingzoo gridbourse_env.py
    PYTHONPATH=$srcdir/tests/environment "$python" - >out 2>err <<'EOF2'
import numpy as np
from gridbourse_env import GridbourseEnv

saved = {}
for reward in ("bills", "fills"):
    env = GridbourseEnv("village.yaml", settings=["forecast.kind=perfect"], reward=reward)
    env.reset(seed=3)
    saved[reward] = 0.0
    while env.agents:
        step = env.step({agent: np.zeros(1, np.float32) for agent in env.agents})
        saved[reward] += sum(step[1].values())
    env.close()
assert saved["fills"] > 0 and abs(saved["fills"] - saved["bills"]) < 1e-6, saved
EOF2
    ok "$name"
else
    skip "$name" "no python3 with numpy"
fi
exit $failed
