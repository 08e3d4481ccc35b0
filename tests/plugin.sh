#!/bin/sh
# Strategies of the user's own in a shared object: what `init` writes is built out of tree with the
# header alone, and whatever is wrong with a plug-in is said in words.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"
. "$srcdir/tests/own_strategies.sh"
mkdir elsewhere
compiler=${CC:-cc}

# build NAME: NAME.so from NAME.c, with the public header and nothing else of the project
build() {
    # shellcheck disable=SC2086
    $compiler -Wall -Wextra -Werror -fPIC -shared -I"$srcdir/include" -o "$1.so" "$1.c" >out 2>err
}

# fails STATUS WORDS COMMAND ...: it ends with this status and says these words
fails() {
    status=$1 words=$2
    shift 2
    "$@" >out 2>err
    [ $? -eq "$status" ] && grep -qF -- "$words" err
}

run() { gridbourse run --quiet small.yaml "$@"; }

# plugin NAME BODY: builds NAME.so whose quote() is BODY
plugin() {
    cat >"$1.c" <<EOF2
#include <stdio.h>
#include <gridbourse/strategy.h>
static int begin(const struct gridbourse_market *market, void **state)
{
    *state = (void *)market;
    return 0;
}
static int quote(void *state, const struct gridbourse_quotes *quotes)
{
    const struct gridbourse_market *facts = state;
    (void)quotes, (void)facts;
    $2
    return 0;
}
const struct gridbourse_strategy gridbourse_strategy = {
    GRIDBOURSE_STRATEGY_VERSION, sizeof(struct gridbourse_strategy), "$1", begin, quote, NULL, NULL, NULL, NULL};
EOF2
    build "$1"
}

small plugin ./my_strategy.so
if ! { gridbourse init --strategy-plugin my_strategy.c && build my_strategy; }; then
    cat err >&2
    echo "1..0 # SKIP $compiler builds no shared object"
    exit 0
fi

echo 1..21
run -o out.h5 >out 2>err && gridbourse run --quiet small.yaml --set agents.strategy=truthful -o truthful.h5
ok "the template that init writes is built with the public header alone, and runs"

! gridbourse diff out.h5 truthful.h5 >out
ok "its quotes are not those of another strategy"

run --set agents.plugin_options=share=0 -o none.h5 >out 2>err && gridbourse diff none.h5 truthful.h5 >out
ok "with the option to ask for nothing beyond the reserve its run has the bytes of truthful"

fails 1 "the plug-in './my_strategy.so': expected agents.plugin_options: share=NUMBER, got 'x'" \
    run --set agents.plugin_options=x -o x.h5
ok "what a plug-in says of its options is what the user reads"

threads_alike
ok "a sweep of a plug-in has the same bytes on any number of threads"

sed 's/GRIDBOURSE_STRATEGY_VERSION/77/' my_strategy.c >version.c && build version &&
    fails 2 "version.so' was built for version 77 of gridbourse/strategy.h, this program takes version 3" \
        run --check --set agents.plugin=version.so
ok "a plug-in of another version is refused before anything runs"

sed 's/GRIDBOURSE_STRATEGY_VERSION/1u/' my_strategy.c >old.c && build old &&
    fails 2 "version 1 of gridbourse/strategy.h, this program takes version 3: build it again" \
        run --check --set agents.plugin=old.so
ok "so is one that was built before fills and receipts were told"

sed 's/sizeof(struct gridbourse_strategy)/8/' my_strategy.c >size.c && build size &&
    fails 2 "says to have 8 bytes" run --check --set agents.plugin=size.so
ok "one whose struct has another size is refused"

echo 'int nothing;' >nothing.c && build nothing &&
    fails 2 "has no symbol gridbourse_strategy" run --check --set agents.plugin=nothing.so
ok "one without the symbol is refused"

fails 2 "'./small.yaml' is no shared object that can be loaded" run --check --set agents.plugin=small.yaml
ok "a file that is no shared object is refused"

fails 2 "cannot open the plug-in './absent.so': No such file" run --check --set agents.plugin=absent.so &&
    fails 2 "agents.strategy: plugin needs agents.plugin" run --check --set agents.plugin=
ok "a file that is not there is refused, and so is none"

plugin dear 'for (size_t i = 0; i < quotes->n; i++) quotes->quote[i] = facts->retail + 1;' &&
    fails 1 "expected a price within the band, 0.31 to 0.59" run --set agents.plugin=dear.so -o x.h5 &&
    grep -q "quotes 0.590001 for meter [0-9]*, which .* in slot" err && [ ! -e x.h5 ]
ok "a price outside the band ends the run and says whose it was"

plugin beta 'for (size_t i = 0; i < quotes->n; i++) quotes->quote[i] = quotes->reserve[i], quotes->beta[i] = 1000001;' &&
    fails 1 "a beta of 1000001 millionths" run --set agents.plugin=beta.so -o x.h5
ok "a beta above 1 ends the run"

plugin silent 'return 9;' &&
    fails 1 "quote() returned 9 and wrote no reason (market->why)" run --set agents.plugin=silent.so -o x.h5
ok "an error without a word is named by its number"

plugin picky 'for (size_t i = 0; i < quotes->n; i++) quotes->quote[i] = quotes->reserve[i];
    if (facts->replication == 1) { snprintf(facts->why, facts->why_size, "not this one"); return 1; }' &&
    two_fail "the plug-in './picky.so': not this one" agents.plugin=./picky.so
ok "where a plug-in returns an error its trial fails and the others go on"

sum=$(sha256sum <my_strategy.so | cut -d' ' -f1)
run --set agents.plugin_sha256="$sum" -o x.h5 >out 2>err &&
    fails 2 "is another one: expected SHA-256 $sum" run --check --set agents.plugin=dear.so --set agents.plugin_sha256="$sum"
ok "a plug-in is held to the hash that the scenario gives"

cat >cancel.c <<'EOF2'
#include <stdio.h>
#include <gridbourse/strategy.h>
static const struct gridbourse_market *facts;
static int begin(const struct gridbourse_market *market, void **state)
{
    static int64_t told[4];
    facts = market;
    *state = told;
    return 0;
}
static int quote(void *state, const struct gridbourse_quotes *quotes)
{
    (void)state;
    for (size_t i = 0; i < quotes->n; i++)
        quotes->quote[i] = quotes->reserve[i];
    return 0;
}
static int requote(void *state, const struct gridbourse_requotes *requotes)
{
    (void)state;
    for (size_t i = 0; i < requotes->n; i++)
        if (requotes->wake_up[i] == 2)
            requotes->total_wh[i] = MORE + requotes->filled_wh[i];
    return 0;
}
static int observe(void *state, const struct gridbourse_news *news)
{
    int64_t *told = state;
    for (size_t i = 0; i < news->n_receipts; i++)
        told[news->receipts[i].action] += news->receipts[i].answer == GRIDBOURSE_ACCEPTED;
    for (size_t i = 0; i < news->n_fills; i++)
        told[3] += news->fills[i].side == GRIDBOURSE_BUY ? news->fills[i].energy_wh : 0;
    return 0;
}
static void end(void *state)
{
    int64_t *told = state;
    fprintf(stderr, "%lld %lld %lld Wh %d\n", (long long)told[0], (long long)told[2], (long long)told[3], facts->fee == 2000000);
}
const struct gridbourse_strategy gridbourse_strategy = {
    GRIDBOURSE_STRATEGY_VERSION, sizeof(struct gridbourse_strategy), "cancel", begin, quote, requote, observe, NULL, end};
EOF2
sed 's/MORE/0/' cancel.c >cancels.c && build cancels &&
    run --set agents.plugin=cancels.so --set market.mechanism=continuous --set chain.fee=0.002 -o cancels.h5 >out 2>told &&
    read -r orders cancels bought unit fee <told && [ "$orders" -gt 100 ] && [ "$cancels" -gt 20 ] &&
    [ "$bought" -gt 1000 ] && [ "$unit" = Wh ] && [ "$fee" = 1 ]
ok "a plug-in cancels, and hears of its receipts, its fills and the fee"

sed 's/MORE/1000000/' cancel.c >adds.c && build adds &&
    fails 1 "for an amendment takes energy back and adds none" \
        run --set agents.plugin=adds.so --set market.mechanism=continuous -o x.h5
ok "one that would have an order grow ends the run"

# The same as tests/heard_strategy.py: plug-ins are asked one by one, a process ahead
cat >heard.c <<'EOF2'
#include <inttypes.h>
#include <stdio.h>
#include <gridbourse/strategy.h>
static uint64_t told;
static uint64_t n_asked;
static void mix(int64_t value) { told = (told ^ (uint64_t)value) * UINT64_C(6364136223846793005) + 1; }
static int64_t known(int64_t price) { return price == GRIDBOURSE_NO_PRICE ? 0 : price; }
static int begin(const struct gridbourse_market *market, void **state)
{
    (void)market;
    *state = &told;
    told = 1;
    return 0;
}
static int quote(void *state, const struct gridbourse_quotes *quotes)
{
    (void)state;
    for (size_t i = 0; i < quotes->n; i++)
        quotes->quote[i] = quotes->reserve[i];
    return 0;
}
static int requote(void *state, const struct gridbourse_requotes *asked)
{
    (void)state;
    for (size_t i = 0; i < asked->n; i++, n_asked++) {
        const int64_t values[] = {asked->meter[i], asked->wake_up[i], asked->standing[i],
                                  known(asked->last_price[i]), asked->total_wh[i], asked->filled_wh[i]};
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++)
            mix(values[v]);
        int64_t step = (int64_t)((told >> 40) % 5000), at = asked->standing[i];
        asked->quote[i] = at - step > 400000 ? at - step : at + step;
        if ((told >> 32) % 64 == 0)
            asked->total_wh[i] = asked->filled_wh[i];
    }
    return 0;
}
static int observe(void *state, const struct gridbourse_news *news)
{
    (void)state;
    mix(7);
    mix((int64_t)news->n_fills);
    mix((int64_t)news->n_receipts);
    return 0;
}
static int reward(void *state, const struct gridbourse_outcome *outcome)
{
    (void)state, (void)outcome;
    mix(9);
    return 0;
}
static void end(void *state)
{
    (void)state;
    fprintf(stderr, "state %" PRIu64 "\n%" PRIu64 " orders\n", told, n_asked);
}
const struct gridbourse_strategy gridbourse_strategy = {
    GRIDBOURSE_STRATEGY_VERSION, sizeof(struct gridbourse_strategy), "heard", begin, quote, requote, observe, reward, end};
EOF2
cat >street.yaml <<'EOF2'
format: 1
slot: 5 min
slots: 2
meters: {count: 400, wind_share: 1}
market: {gate: 20 s, open: 5 min, mechanism: continuous}
agents: {traits: wide, strategy: plugin, plugin: ./heard.so}
forecast.kind: perfect
output.level: market
EOF2
# both NAME SETTING ...: a process comes to the same state and rows as the plug-in, in fewer batches
both() {
    gridbourse run --quiet street.yaml -o plugin.h5 "$@" >out 2>plugin.err &&
        gridbourse run --quiet street.yaml -o process.h5 "$@" --set agents.strategy=process \
            --set "agents.process=$python $srcdir/tests/heard_strategy.py" >out 2>process.err &&
        gridbourse diff plugin.h5 process.h5 >out && grep -q '^state [0-9]' plugin.err &&
        [ "$(grep ^state plugin.err)" = "$(grep ^state process.err)" ] &&
        read -r orders _ <<EOF3 && read -r asked _ _ batches _ <<EOF4 && [ "$orders" -eq "$asked" ]
$(grep 'orders' plugin.err)
EOF3
$(grep 'orders' process.err)
EOF4
}
name="a process that is asked ahead hears the same in the same order as a plug-in that is asked one by one"
second="and so it does where blocks are full, agents allow for their round trip, and all wake up at one moment"
if command -v "$python" >/dev/null; then
    build heard && both --set "chain.delay=exponential 20 ms" && [ "$orders" -gt 5000 ] &&
        [ $((2 * batches)) -lt "$orders" ]
    ok "$name"
    both --set chain.block.max_transactions=5 --set "chain.delay=exponential 20 ms" &&
        both --set "chain.delay=exponential 2 s" --set "chain.client_delay=exponential 2 s" \
            --set agents.latency_aware=1 && [ "$batches" -lt "$orders" ] &&
        both --set "agents.requote.delay=constant 10 s" --set "agents.reaction=constant 1 s" \
            --set "chain.block.min_seal=15 s" &&
        [ $((10 * batches)) -lt "$orders" ] &&
        both --set chain.protocol=ideal --set slots=1 && [ "$batches" -eq "$orders" ]
    ok "$second"
else
    skip "$name" "no python3"
    skip "$second" "no python3"
fi

gridbourse sweep -q sweep.yaml --shard 1/2 -o first.h5 >out 2>err &&
    sed -i.before 's/own->share = 0.3/own->share = 0.4/' my_strategy.c && build my_strategy &&
    gridbourse sweep -q sweep.yaml --shard 2/2 -o second.h5 >out 2>err &&
    ! gridbourse merge -o merged.h5 first.h5 second.h5 >out 2>err && [ ! -e merged.h5 ] && [ -s err ]
ok "results of two builds of a plug-in are not merged"
exit $failed
