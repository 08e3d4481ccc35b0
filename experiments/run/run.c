#include "experiments/run/run.h"

#include <stdlib.h>

#include "base/parts.h"
#include "experiments/run/run_priv.h"
#include "models/assets/kinds.h"
#include "models/market/mechanism.h"

#define WATCH_EVENTS 16384 /* well under a second, whatever they are */

/* ---- phases */

static void on_clock_start(void *context)
{
    struct gb_run *run = context;

    gb_run_operator_register(&run->operator_);
}

static void on_opening(void *context, int64_t interval)
{
    struct gb_run *run = context;
    size_t place = gb_run_open_interval(&run->observer, interval);

    if (interval == run->env.first_slot)
        gb_run_kpis_begin(&run->kpis, gb_run_gateway_totals(run->gateway));

    if (place != GB_NO_PLACE && !run->env.scenario->market.mechanism->has_no_market)
        gb_run_bidding_open(&run->bidding, place, interval);
}

static void on_gate(void *context, int64_t interval)
{
    struct gb_run *run = context;

    gb_run_operator_close(&run->operator_, gb_run_intervals_find(&run->intervals, interval),
                          interval);
}

static void on_second_gate(void *context, int64_t interval)
{
    struct gb_run *run = context;

    gb_run_operator_close_round_2(&run->operator_, gb_run_intervals_find(&run->intervals, interval),
                                  interval);
}

/* Reports to who watches how far the run is, and ends it if that is wished for. */
static void show_progress(struct gb_run *run)
{
    const struct gb_run_options *options = run->options;

    if (options->progress &&
        options->progress(options->progress_context, run->n_begun, run->env.n_slots))
        gb_fail(&run->error, GB_EINTERRUPTED, "interrupted at slot %lld of %lld",
                (long long)run->n_begun, (long long)run->env.n_slots);
}

static void on_start(void *context, int64_t interval)
{
    struct gb_run *run = context;

    run->n_begun = interval;
    show_progress(run);
    if (gb_run_has_failed(&run->env))
        return;
    size_t place = gb_run_intervals_find(&run->intervals, interval);
    gb_run_contracted_begin(&run->contracted, place, interval);
    if (!gb_run_has_failed(&run->env))
        gb_run_operator_open(&run->operator_, place, interval);
}

static void on_end(void *context, int64_t interval)
{
    struct gb_run *run = context;

    gb_run_operator_wait(&run->operator_, true);
    gb_run_metering_deliver(&run->metering, gb_run_intervals_find(&run->intervals, interval),
                            interval);
    gb_run_operator_wait(&run->operator_, false);
    gb_run_act_on_knowledge(&run->observer, GB_OPERATOR_NODE);
}

static void on_deadline(void *context, int64_t interval)
{
    struct gb_run *run = context;
    size_t place = gb_run_intervals_find(&run->intervals, interval);

    if (place != GB_NO_PLACE && run->accounts.at[place].status == GB_RUN_PENDING)
        gb_run_causes_deadline(&run->causes, place);
    gb_run_operator_finalize(&run->operator_, interval);
}

/* ---- set-up */

static void wire_observer(struct gb_run *run)
{
    run->observer = (struct gb_run_observer){.env = &run->env,
                                             .sink = run->sink,
                                             .gateway = run->gateway,
                                             .knowledge = &run->knowledge,
                                             .intervals = &run->intervals,
                                             .assets = run->assets,
                                             .contracted = &run->contracted,
                                             .expected_prices = &run->expected_prices,
                                             .kpis = &run->kpis,
                                             .meter_rows = &run->meter_rows,
                                             .sent_orders = &run->sent_orders,
                                             .causes = &run->causes,
                                             .livelock = &run->livelock,
                                             .accounts = &run->accounts,
                                             .agents = &run->agents,
                                             .metering = &run->metering,
                                             .operator_ = &run->operator_,
                                             .resubmission = &run->resubmission,
                                             .ledger_book = &run->ledger_book,
                                             .outcomes = &run->outcomes,
                                             .match_news = &run->match_news,
                                             .market_news = &run->market_news,
                                             .round_news = &run->round_news,
                                             .requotes = &run->requotes};
}

/* The chain, and who stands between it and the rest. */
static enum gb_status create_chain(struct gb_run *run, struct gb_error *err)
{
    struct gb_chain_observer observer = gb_run_observer_of_chain(&run->observer);
    enum gb_status status =
        gb_run_gateway_create(&run->gateway, &run->env, run->options->ledger_path, &observer, err);

    if (status == GB_OK)
        status = gb_run_knowledge_init(&run->knowledge, gb_run_gateway_n_nodes(run->gateway), err);
    if (status != GB_OK)
        return status;
    run->outbox = gb_run_outbox_create(&run->env, run->gateway, &run->knowledge, err);
    return run->outbox ? GB_OK : GB_ENOMEM;
}

/* What is known of intervals and users. */
static enum gb_status create_books(struct gb_run *run, struct gb_error *err)
{
    enum gb_status status = gb_run_kpis_init(&run->kpis, &run->env, run->sink, err);

    gb_run_contracted_init(&run->contracted, &run->env, run->gateway, &run->knowledge,
                           gb_run_assets_read_contracts(run->assets));
    if (status == GB_OK)
        status =
            gb_run_expected_prices_init(&run->expected_prices, &run->env, &run->knowledge, err);
    if (status == GB_OK)
        status = gb_run_assets_listen(run->assets, run->gateway, &run->intervals, &run->contracted,
                                      &run->expected_prices, err);
    gb_run_meter_rows_init(&run->meter_rows, &run->env, run->assets);
    gb_run_sent_orders_init(&run->sent_orders, &run->env, run->gateway, &run->kpis);
    gb_run_causes_init(&run->causes, &run->env, run->gateway, &run->intervals);
    if (status == GB_OK)
        status = gb_run_accounts_init(&run->accounts, &run->env, run->gateway, &run->intervals,
                                      &run->agents, &run->kpis, &run->meter_rows, err);
    return status;
}

/* What becomes of orders that trade as they come, who hears of it, and what they do then. */
static enum gb_status create_concessions(struct gb_run *run, struct gb_error *err)
{
    enum gb_status status =
        gb_run_learners_init(&run->learners, &run->env, run->gateway, &run->agents, err);

    gb_run_outcomes_init(&run->outcomes, &run->env, &run->agents, &run->learners);
    gb_run_round_news_init(&run->round_news, &run->env);
    gb_run_match_news_init(&run->match_news, &run->env, &run->learners, &run->intervals);
    gb_run_ledger_book_init(&run->ledger_book, &run->env, run->gateway, &run->sent_orders,
                            &run->intervals);
    if (status == GB_OK)
        status = gb_run_market_news_init(&run->market_news,
                                         &(struct gb_run_market_news_links){
                                             &run->env, run->gateway, &run->intervals,
                                             &run->sent_orders, &run->ledger_book, &run->learners},
                                         err);
    if (status == GB_OK)
        status = gb_run_requotes_init(
            &run->requotes,
            &(struct gb_run_requotes_links){&run->env, run->gateway, &run->intervals, &run->agents,
                                            &run->ledger_book, &run->market_news, &run->round_news,
                                            &run->sent_orders, &run->kpis, run->outbox},
            err);
    return status;
}

/* Who acts: meters, agents, the operator, and whoever was refused. */
static enum gb_status create_actors(struct gb_run *run, struct gb_error *err)
{
    enum gb_status status = gb_run_metering_init(
        &run->metering,
        &(struct gb_run_metering_links){&run->env, run->gateway, &run->knowledge, run->assets,
                                        &run->accounts, &run->kpis, &run->meter_rows, run->outbox},
        err);

    if (status == GB_OK)
        status = gb_run_agents_init(&run->agents, &run->env, err);
    gb_run_bidding_init(&run->bidding,
                        &(struct gb_run_bidding_links){&run->env, run->gateway, &run->agents,
                                                       run->assets, &run->sent_orders, &run->kpis,
                                                       run->outbox, &run->requotes});
    if (status == GB_OK)
        status = create_concessions(run, err);
    gb_run_operator_init(&run->operator_, &(struct gb_run_operator_links){
                                              &run->env, run->gateway, &run->knowledge,
                                              &run->accounts, &run->causes, run->outbox});
    gb_run_livelock_init(&run->livelock, &run->env, run->gateway, run->outbox);
    gb_run_resubmission_init(
        &run->resubmission,
        &(struct gb_run_resubmission_links){&run->env, run->gateway, &run->intervals,
                                            &run->operator_, &run->causes, &run->kpis,
                                            &run->livelock, &run->sent_orders, run->outbox});
    return status;
}

enum gb_status gb_run_create(struct gb_run **out, const struct gb_scenario *scenario,
                             const struct gb_run_options *options, const struct gb_row_sink *sink,
                             struct gb_error *err)
{
    struct gb_run *run = calloc(1, sizeof *run);

    if (!run)
        return gb_fail(err, GB_ENOMEM, "no memory for the run");
    *out = run; /* freed by the caller, complete or not */
    run->options = options;
    run->sink = sink;
    run->env = gb_run_environment_of(scenario, gb_queue_create(err), &run->error);
    enum gb_status status = run->env.queue ? GB_OK : GB_ENOMEM;
    if (status == GB_OK && scenario->physics.n_kinds > 0)
        status = gb_draw_owners(&run->draw_owners, &scenario->physics, err);
    run->env.draw_owners = run->draw_owners;
    if (status == GB_OK && scenario->tariffs && scenario->tariffs->n_kinds > 1)
        status = gb_kinds_of_meters(&run->tariff_kinds, &scenario->physics, err);
    run->env.tariff_kinds = run->tariff_kinds;
    if (status == GB_OK)
        status = gb_run_assets_create(&run->assets, &run->env, options->shared, err);
    if (status == GB_OK)
        status = create_chain(run, err);
    if (status == GB_OK)
        status = create_books(run, err);
    if (status == GB_OK)
        status = create_actors(run, err);
    if (status == GB_OK)
        wire_observer(run);
    return status;
}

void gb_run_free(struct gb_run *run)
{
    if (!run)
        return;
    gb_run_outbox_free(run->outbox);
    gb_run_gateway_free(run->gateway);
    gb_run_resubmission_clear(&run->resubmission);
    gb_run_requotes_clear(&run->requotes);
    gb_run_market_news_clear(&run->market_news);
    gb_run_match_news_clear(&run->match_news);
    gb_run_round_news_clear(&run->round_news);
    gb_run_outcomes_clear(&run->outcomes);
    gb_run_learners_clear(&run->learners);
    gb_run_ledger_book_clear(&run->ledger_book);
    gb_run_operator_clear(&run->operator_);
    gb_run_bidding_clear(&run->bidding);
    gb_run_agents_clear(&run->agents);
    gb_run_metering_clear(&run->metering);
    gb_run_accounts_clear(&run->accounts);
    gb_run_causes_clear(&run->causes);
    gb_run_sent_orders_clear(&run->sent_orders);
    gb_run_meter_rows_clear(&run->meter_rows);
    gb_run_kpis_clear(&run->kpis);
    gb_run_contracted_clear(&run->contracted);
    gb_run_expected_prices_clear(&run->expected_prices);
    gb_run_assets_free(run->assets);
    gb_run_knowledge_clear(&run->knowledge);
    gb_run_intervals_clear(&run->intervals);
    gb_queue_free(run->env.queue);
    free(run->draw_owners);
    free(run->tariff_kinds);
    free(run);
}

/* ---- from the first event to the last */

static void watch(struct gb_run *run)
{
    show_progress(run);
    gb_run_livelock_refuse(&run->livelock);
}

/* Runs events until none is left or something failed. */
static enum gb_status drain(struct gb_run *run, struct gb_error *err)
{
    for (uint64_t n = 1; !gb_run_has_failed(&run->env) && gb_queue_step(run->env.queue); n++)
        if (n % WATCH_EVENTS == 0 && !gb_run_has_failed(&run->env))
            watch(run);
    if (gb_run_has_failed(&run->env))
        return gb_fail(err, run->error.status, "%s", run->error.text);
    if (gb_queue_failed(run->env.queue))
        return gb_fail(err, GB_ENOMEM, "no memory for an event");
    return gb_run_gateway_failure(run->gateway, err);
}

struct gb_run_view gb_run_view_of(const struct gb_run *run)
{
    return (struct gb_run_view){&run->env,      run->gateway,   run->assets, &run->kpis,
                                &run->accounts, &run->metering, &run->agents};
}

enum gb_status gb_run_play(struct gb_run *run, struct gb_error *err)
{
    struct gb_run_phases phases = {run,      on_clock_start, on_opening, on_gate, on_second_gate,
                                   on_start, on_end,         on_deadline};

    gb_run_schedule_start(&run->schedule, &run->env, &phases);
    enum gb_status status = drain(run, err);
    for (size_t n, n_before = SIZE_MAX; status == GB_OK; n_before = n) {
        n = gb_run_metering_flush(&run->metering); /* again: a slow chain may lose some */
        status = drain(run, err);
        if (n == 0 || n >= n_before)
            break;
    }
    if (status == GB_OK && gb_run_gateway_n_pending(run->gateway) > 0)
        status = gb_fail(err, GB_EBROKEN, "%zu transactions never became stable",
                         gb_run_gateway_n_pending(run->gateway));
    if (status != GB_OK)
        return status;
    gb_run_close_remaining(&run->observer);
    struct gb_run_view view = gb_run_view_of(run);
    return gb_run_summarise(&view, run->options->trial, run->sink, &run->summary, err);
}

/* A run that is played, and what comes of it. */
struct played {
    struct gb_run *run;
    enum gb_status status;
    struct gb_error *err;
};

static void play(void *of)
{
    struct played *played = of;

    played->status = gb_run_play(played->run, played->err);
}

enum gb_status gb_run_into(const struct gb_scenario *scenario, const struct gb_run_options *options,
                           const struct gb_row_sink *sink, struct gb_summary_row *summary,
                           struct gb_error *err)
{
    struct gb_run *run = NULL;
    enum gb_status status = gb_run_create(&run, scenario, options, sink, err);

    if (status == GB_OK) {
        struct played played = {run, GB_OK, err};
        gb_team_run(run->env.n, play, &played);
        status = played.status;
    }
    if (status == GB_OK) {
        struct gb_run_view view = gb_run_view_of(run);
        status = gb_run_check_invariants(&view, &run->summary, err);
    }
    if (status == GB_OK)
        status = gb_run_gateway_hand_out(run->gateway, options->head, options->ledger, err);
    if (status == GB_OK)
        *summary = run->summary;
    gb_run_free(run);
    return status;
}

enum gb_status gb_run_trial(const struct gb_scenario *scenario,
                            const struct gb_run_options *options, struct gb_record **out,
                            struct gb_error *err)
{
    struct gb_summary_row summary;
    struct gb_record *record = NULL;
    enum gb_status status = gb_record_create(&record, options->trial,
                                             (enum gb_output_level)scenario->output_level, err);

    if (status != GB_OK)
        return status;
    struct gb_row_sink sink = gb_record_sink(record);
    status = gb_run_into(scenario, options, &sink, &summary, err);
    if (status == GB_OK)
        *out = record;
    else
        gb_record_free(record);
    return status;
}
