/* gridbourse run: one scenario, one result. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/patience.h"
#include "chain/node/chain.h"
#include "chain/wire/keys.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/overrides.h"
#include "cli/pair.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "cli/warnings.h"
#include "experiments/run/run.h"
#include "experiments/scenario/scenario.h"

static int watch(void *context, int64_t done, int64_t total)
{
    gb_progress_show(context, done, total);
    return gb_interrupt_came();
}

/* A ledger on a file system without locks, where the result's has some, and has said nothing. */
static void note_ledger_without_lock(const struct gb_ledger_writer *ledger,
                                     const struct gb_results_writer *result)
{
    if (ledger && gb_results_writer_is_locked(result) && !gb_ledger_writer_is_locked(ledger))
        gb_output_note_no_locks(gb_ledger_writer_path(ledger));
}

/* Are there threads beside the first, by --threads or OMP_NUM_THREADS? */
static bool has_threads(void)
{
#ifdef _OPENMP
    return omp_get_max_threads() > 1;
#else
    return false;
#endif
}

/* Runs the scenario into the result and ends it and the ledger. Takes the result. */
static enum gb_status run_into_result(const struct gb_request *request,
                                      const struct gb_scenario *scenario,
                                      struct gb_results_writer *result,
                                      struct gb_summary_row *summary, struct gb_error *err)
{
    struct gb_row_sink sink = gb_results_sink(result, (enum gb_output_level)scenario->output_level);
    struct gb_progress progress;
    struct gb_ledger_writer *ledger = NULL;
    struct gb_hash head = {{0}};
    bool has_chain = scenario->protocol->keeps_ledger;
    const struct gb_run_options run_options = {.ledger_path = request->ledger,
                                               .ledger = &ledger,
                                               .head = &head,
                                               .progress = watch,
                                               .progress_context = &progress};

    if (has_threads())
        gb_results_use_thread(result);
    gb_progress_start(&progress, "slots", request->is_quiet);
    enum gb_status status = gb_run_into(scenario, &run_options, &sink, summary, err);
    gb_progress_end(&progress);
    note_ledger_without_lock(ledger, result);
    if (status == GB_OK)
        return gb_output_end_run(result, has_chain ? &head : NULL, ledger, err);
    gb_ledger_writer_abandon(ledger);
    gb_results_abandon(result);
    return status;
}

/* On failure nothing stays. */
static enum gb_status run_to_file(const struct gb_request *request, const char *path,
                                  const struct gb_scenario *scenario,
                                  struct gb_summary_row *summary, struct gb_error *err)
{
    struct gb_results_writer *result = NULL;
    struct gb_output_files files = {0};
    char *text = NULL;
    enum gb_status status = gb_scenario_text(scenario, &text, err);

    gb_pair_settle(path); /* it reads .part, and closing that would give our lock back */
    gb_pair_settle(request->ledger);
    if (status == GB_OK)
        status = gb_output_begin_run(&result, &files, path, request->ledger, scenario, text, err);
    if (status == GB_OK)
        status = run_into_result(request, scenario, result, summary, err);
    gb_output_files_clear(&files);
    free(text);
    return status;
}

static int report(const struct gb_request *request, const struct gb_scenario *scenario,
                  const char *path, const struct gb_summary_row *summary)
{
    if (request->is_quiet)
        return GB_EXIT_DONE;
    gb_output_print_summary(summary, scenario->currency);
    gb_overrides_print(scenario, "  set", 13, false);
    printf("  result     ");
    gb_message_print_name(path, stdout);
    if (request->ledger) {
        printf(", ledger ");
        gb_message_print_name(request->ledger, stdout);
    }
    if (request->ledger && scenario->crypto == GB_CRYPTO_MODELLED)
        printf("\n             its signatures are modelled and prove nothing; "
               "--set chain.crypto=real signs");
    printf("\n`gridbourse compare %s` compares user by user, "
           "`gridbourse figures %s -d DIR` draws it.\n",
           path, path);
    return GB_EXIT_DONE;
}

/* Is there anything that keeps the scenario from being run to `path`? */
static enum gb_status check_run(const struct gb_request *request, const char *path,
                                const struct gb_scenario *scenario, struct gb_error *err)
{
    const struct gb_protocol *protocol = scenario->protocol;

    if (request->ledger && !protocol->keeps_ledger)
        return gb_fail(err, GB_ECONFIG,
                       "the protocol '%s' keeps no ledger; use chain.protocol: "
                       "pbft",
                       protocol->member.name);
    enum gb_status status = gb_output_check(request, path, scenario, NULL, err);
    return status == GB_OK ? gb_output_keep_sweep(path, err) : status;
}

static int run_scenario(const struct gb_request *request, const struct gb_scenario *scenario,
                        const char *path)
{
    struct gb_error err = {0};
    struct gb_summary_row summary;

#ifdef _OPENMP
    if (request->threads > 0)
        omp_set_num_threads((int)request->threads);
#endif
    gb_patience_begin();
    gb_interrupt_watch();
    return run_to_file(request, path, scenario, &summary, &err) == GB_OK
               ? report(request, scenario, path, &summary)
               : gb_message_failure(&err);
}

/* How many there are of which kind: " (2 farm, 6 flat)". */
static void print_kinds(const struct gb_scenario *scenario)
{
    const struct gb_physics_config *physics = &scenario->physics;

    size_t n = scenario->items[GB_SECTION_HOUSEHOLDS].n; /* behind them: settings of rows */

    for (size_t k = 0; k < n; k++)
        printf("%s%" PRId64 " %s%s", k == 0 ? " (" : ", ", physics->kinds[k].n_homes,
               physics->kinds[k].name, k + 1 == n ? ")" : "");
}

static int check_and_run(const struct gb_request *request, const struct gb_scenario *scenario)
{
    struct gb_error err = {0};
    char *own_path = request->output ? NULL : gb_output_default_path(request->input);
    const char *path = request->output ? request->output : own_path;
    int64_t n_slots = gb_scenario_n_slots(scenario);
    int code = GB_EXIT_DONE;

    if (!path)
        gb_fail(&err, GB_ENOMEM, "no memory");
    else
        check_run(request, path, scenario, &err);
    if (err.status == GB_OK && !request->is_quiet) {
        gb_warn_local_time(scenario);
        gb_warn_heat(scenario);
        gb_warn_series(scenario);
        gb_warn_places(scenario);
        gb_warn_view_changes(scenario);
        gb_warn_meter_rows(scenario);
    }
    if (err.status != GB_OK)
        code = gb_message_failure(&err);
    else if (request->is_check) {
        gb_message_print_name(request->input, stdout);
        printf(": good: %" PRId64 " meter%s", scenario->physics.fleet.n_meters,
               gb_message_plural(scenario->physics.fleet.n_meters));
        print_kinds(scenario);
        printf(", %" PRId64 " slot%s\n", n_slots, gb_message_plural(n_slots));
    } else
        code = run_scenario(request, scenario, path);
    free(own_path);
    return code;
}

static int load_and_run(const struct gb_request *request)
{
    struct gb_error err = {0};
    struct gb_scenario *scenario = NULL;
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    int code = GB_EXIT_DONE;

    if (!diagnostics) {
        gb_message_error("no memory");
        return GB_EXIT_FAILED;
    }
    if (gb_scenario_load(&scenario, gb_program_extensions(), request->input, request->n_settings,
                         (const char *const *)request->settings, diagnostics, &err) != GB_OK)
        code = gb_output_refuse_input(diagnostics, &err);
    else
        code = check_and_run(request, scenario);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    return code;
}

static int run(int argc, char **argv)
{
    struct gb_request request = {0};
    int code;

    if (gb_request_read(&request, &gb_command_run, "scenario", argc, argv, &code))
        code = load_and_run(&request);
    gb_request_clear(&request);
    return code;
}

const struct gb_command gb_command_run = {
    "run",
    "SCENARIO.yaml [-o OUT.h5] [--set KEY=VALUE ...] [--seed N] [--threads N] [--check] "
    "[--ledger FILE] [--quiet]",
    "run one scenario and compare it with trading with the grid alone", run};
