#include "cli/stored_market.h"

#include "experiments/complaints.h"
#include "experiments/scenario.h"

static enum gb_status load_scenario(const struct gb_results *results, struct gb_scenario **out,
                                    struct gb_error *err)
{
    struct gb_complaints *complaints = gb_complaints_create();

    if (!complaints)
        return gb_fail(err, GB_ENOMEM, "no memory to read the stored scenario");
    enum gb_status status = gb_scenario_parse(out, gb_results_provenance(results)->scenario,
                                              "stored scenario", complaints, err);
    gb_complaints_free(complaints);
    return status;
}

enum gb_status gb_stored_market(const struct gb_results *results, size_t place,
                                struct gb_market_rules *rules, struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = load_scenario(results, &scenario, err);

    for (size_t k = 0; status == GB_OK && k < gb_results_n_varied(results); k++)
        status = gb_scenario_set(scenario, gb_results_varied_key(results, k),
                                 gb_results_varied_value(results, k, place), err);
    if (status == GB_OK)
        *rules = scenario->market;
    gb_scenario_free(scenario);
    return status;
}

bool gb_stored_market_is_by_source(const struct gb_market_rules *rules)
{
    return gb_mechanism_reads(gb_mechanisms[rules->mechanism], "market.books") &&
           rules->books == GB_BOOKS_BY_SOURCE;
}
