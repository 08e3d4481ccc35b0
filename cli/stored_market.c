#include "cli/stored_market.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"
#include "cli/overrides.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/scenario.h"
#include "experiments/sweep/sweep.h"

static enum gb_status load_scenario(const struct gb_results *results, struct gb_scenario **out,
                                    struct gb_error *err)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();

    if (!diagnostics)
        return gb_fail(err, GB_ENOMEM, "no memory to read the stored scenario");
    enum gb_status status =
        gb_scenario_parse(out, gb_program_extensions(), gb_results_provenance(results)->scenario,
                          "stored scenario", diagnostics, err);
    if (status == GB_ECONFIG && gb_diagnostics_count(diagnostics) > 0) {
        char first[512];

        snprintf(first, sizeof first, "%s", gb_diagnostics_at(diagnostics, 0));
        if (err)
            *err = (struct gb_error){0};
        status = gb_fail(err, status, "the scenario in the result cannot be read: %s", first);
    }
    gb_diagnostics_free(diagnostics);
    return status;
}

/* What the trial varied, all at once: keys that go together may be wrong one by one. */
static enum gb_status apply_varied(const struct gb_results *results, size_t place,
                                   struct gb_scenario *scenario, struct gb_error *err)
{
    size_t n = gb_results_n_varied(results);
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    char **settings = calloc(n + 1, sizeof *settings);
    enum gb_status status = GB_OK;

    for (size_t k = 0; settings && k < n; k++) {
        const char *key = gb_results_varied_key(results, k);
        const char *value = gb_results_varied_value(results, k, place);
        size_t size = strlen(key) + strlen(value) + 2;
        if ((settings[k] = malloc(size)))
            snprintf(settings[k], size, "%s=%s", key, value);
        else
            status = GB_ENOMEM;
    }
    if (!diagnostics || !settings || status != GB_OK) {
        status = gb_fail(err, GB_ENOMEM, "no memory for the scenario of a trial");
    } else {
        struct gb_error why = {0};
        status =
            gb_scenario_apply(scenario, NULL, n, (const char *const *)settings, diagnostics, &why);
        if (status != GB_OK)
            gb_fail(err, status, "%s",
                    gb_diagnostics_count(diagnostics) > 0 ? gb_diagnostics_at(diagnostics, 0)
                                                          : why.text);
    }
    for (size_t k = 0; settings && k < n; k++)
        free(settings[k]);
    free(settings);
    gb_diagnostics_free(diagnostics);
    return status;
}

/* The scenario of the trial at `place` of /summary; freed by the caller. */
static enum gb_status load_trial(const struct gb_results *results, size_t place,
                                 struct gb_scenario **out, struct gb_error *err)
{
    const char *sweep = gb_results_provenance(results)->sweep;
    struct gb_scenario *scenario = NULL;
    struct gb_embedded files = {0};
    enum gb_status status = load_scenario(results, &scenario, err);

    if (status == GB_OK && sweep)
        status = gb_sweep_stored_files(sweep, &files, err);
    if (status == GB_OK && gb_results_n_varied(results) > 0) {
        scenario->embedded = &files;
        status = apply_varied(results, place, scenario, err);
        scenario->embedded = NULL;
    }
    gb_embedded_clear(&files);
    if (status == GB_OK)
        *out = scenario;
    else
        gb_scenario_free(scenario);
    return status;
}

enum gb_status gb_stored_market(const struct gb_results *results, size_t place,
                                struct gb_market_rules *rules, struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = load_trial(results, place, &scenario, err);

    if (status == GB_OK)
        *rules = scenario->market;
    gb_scenario_free(scenario);
    return status;
}

enum gb_status gb_stored_currency(const struct gb_results *results, char *name,
                                  struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = load_scenario(results, &scenario, err);

    if (status == GB_OK)
        snprintf(name, GB_CURRENCY_SIZE, "%.31s", scenario->currency);
    gb_scenario_free(scenario);
    return status;
}

void gb_stored_overrides_print(const struct gb_results *results, size_t place)
{
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};

    if (load_trial(results, place, &scenario, &err) == GB_OK)
        gb_overrides_print(scenario, "Set: ", 5);
    else if (err.status == GB_ENOMEM)
        gb_message_exhausted("the keys that were set");
    gb_scenario_free(scenario);
}

void gb_shared_overrides_print(const struct gb_results *results)
{
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};

    enum gb_status status = load_scenario(results, &scenario, &err);

    for (size_t k = 0; status == GB_OK && k < gb_results_n_varied(results); k++)
        status = gb_scenario_forget(scenario, gb_results_varied_key(results, k), &err);
    if (status == GB_OK)
        gb_overrides_print(scenario, "Set: ", 5);
    gb_scenario_free(scenario);
}
