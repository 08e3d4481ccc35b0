#include "cli/stored_market.h"

#include <inttypes.h>
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

static enum gb_status load_sweep(const struct gb_provenance *provenance, struct gb_sweep **out,
                                 struct gb_error *err)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_error why = {0};

    if (!diagnostics)
        return gb_fail(err, GB_ENOMEM, "no memory to read the stored sweep");
    enum gb_status status = gb_sweep_parse(out, gb_program_extensions(), provenance->sweep,
                                           provenance->scenario, diagnostics, &why);
    if (status != GB_OK)
        gb_fail(err, status, "the sweep in the result cannot be read: %s",
                gb_diagnostics_count(diagnostics) > 0 ? gb_diagnostics_at(diagnostics, 0)
                                                      : why.text);
    gb_diagnostics_free(diagnostics);
    return status;
}

/* Trial `number` of a stored sweep. */
static enum gb_status load_of_sweep(const struct gb_provenance *provenance, uint64_t number,
                                    struct gb_scenario **out, struct gb_error *err)
{
    struct gb_sweep *sweep = NULL;
    struct gb_error why = {0};
    enum gb_status status = load_sweep(provenance, &sweep, err);

    if (status != GB_OK)
        return status;
    if (number >= gb_sweep_n_trials(sweep))
        status = gb_fail(&why, GB_EINPUT, "it has no trial %" PRIu64, number);
    if (status == GB_OK)
        status = gb_sweep_scenario(sweep, number, out, &why);
    if (status != GB_OK)
        gb_fail(err, status, "the sweep in the result cannot be read: %s", why.text);
    gb_sweep_free(sweep);
    return status;
}

enum gb_status gb_stored_scenario(const struct gb_results *results, size_t place,
                                  struct gb_scenario **out, struct gb_error *err)
{
    const struct gb_provenance *provenance = gb_results_provenance(results);

    if (provenance->sweep)
        return load_of_sweep(provenance, gb_results_summary(results)[place].trial, out, err);
    return load_scenario(results, out, err);
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

void gb_stored_overrides_print(const struct gb_results *results, size_t place, bool is_average,
                               bool is_markdown)
{
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};
    enum gb_status status = gb_stored_scenario(results, place, &scenario, &err);
    size_t n_varied = gb_results_n_varied(results);

    for (size_t k = gb_results_n_factors(results); is_average && status == GB_OK && k < n_varied;
         k++)
        status = gb_scenario_forget(scenario, gb_results_varied_key(results, k), &err);
    if (status == GB_OK)
        gb_overrides_print(scenario, "Set: ", 5, is_markdown);
    else if (err.status == GB_ENOMEM)
        gb_message_exhausted("the keys that were set");
    gb_scenario_free(scenario);
}

/* What cases set they need not share. */
static enum gb_status forget_settings_of_cases(struct gb_scenario *scenario,
                                               const struct gb_provenance *provenance,
                                               struct gb_error *err)
{
    struct gb_sweep *sweep = NULL;
    const char *setting;
    enum gb_status status = provenance->sweep ? load_sweep(provenance, &sweep, err) : GB_OK;

    for (size_t i = 0; sweep && status == GB_OK && (setting = gb_sweep_setting_of_cases(sweep, i));
         i++) {
        char key[GB_PARAM_TEXT_SIZE];

        snprintf(key, sizeof key, "%.*s", (int)strcspn(setting, "="), setting);
        status = gb_scenario_forget(scenario, key, err);
    }
    gb_sweep_free(sweep);
    return status;
}

void gb_shared_overrides_print(const struct gb_results *results, bool is_markdown)
{
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};

    enum gb_status status = load_scenario(results, &scenario, &err);

    for (size_t k = 0; status == GB_OK && k < gb_results_n_varied(results); k++)
        status = gb_scenario_forget(scenario, gb_results_varied_key(results, k), &err);
    if (status == GB_OK)
        status = forget_settings_of_cases(scenario, gb_results_provenance(results), &err);
    if (status == GB_OK)
        gb_overrides_print(scenario, "Set: ", 5, is_markdown);
    gb_scenario_free(scenario);
}
