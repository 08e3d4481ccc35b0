/* A scenario: what is accepted, its own text reads as the same scenario again (looked at where the
 * length of the input is a multiple of 4: writing it out takes longer than all else). What is
 * refused is refused with a description. */
#include <string.h>

#include "experiments/scenario/scenario.h"
#include "tests/fuzz/fuzz.h"

static struct gb_scenario *parse(const char *text, enum gb_status *status)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_error err = {0};
    struct gb_scenario *scenario = NULL;

    FUZZ_HOLDS(diagnostics);
    *status = gb_scenario_parse(&scenario, NULL, text, "fuzz.yaml", diagnostics, &err);
    FUZZ_HOLDS(*status != GB_ECONFIG || gb_diagnostics_count(diagnostics) > 0);
    FUZZ_HOLDS(*status == GB_OK || err.text[0] != '\0');
    gb_diagnostics_free(diagnostics);
    return *status == GB_OK ? scenario : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = fuzz_text(bytes, n), *once, *twice;
    enum gb_status status;
    struct gb_scenario *scenario = parse(text, &status), *again;

    free(text);
    if (!scenario || n % 4 != 0) {
        gb_scenario_free(scenario);
        return 0;
    }
    FUZZ_HOLDS(gb_scenario_text(scenario, &once, NULL) == GB_OK);
    gb_scenario_free(scenario);
    again = parse(once, &status);
    FUZZ_HOLDS(again && gb_scenario_text(again, &twice, NULL) == GB_OK);
    FUZZ_HOLDS(strcmp(once, twice) == 0);
    gb_scenario_free(again);
    free(once);
    free(twice);
    return 0;
}

/* A short scenario with every key of the table, a few at a time; and what has a form of its own. */
void fuzz_make_seeds(void)
{
    char text[2048];
    size_t length = 0;

    for (size_t i = 0; i < gb_scenario_n_rows(NULL); i++) {
        const struct gb_param *row = gb_scenario_row(NULL, i);

        if (length == 0)
            length = (size_t)snprintf(text, sizeof text, "slots: 4\n");
        length += (size_t)snprintf(text + length, sizeof text - length, "%s: %s\n", row->key,
                                   row->default_text);
        FUZZ_HOLDS(length < sizeof text);
        if (length > 400 || i + 1 == gb_scenario_n_rows(NULL)) {
            fuzz_seed_text(text);
            length = 0;
        }
    }
    fuzz_seed_text("format: 1\nslots: 4\nmeters: {count: 5, prosumer_share: 0.5}\n"
                   "market:\n  mechanism: grid_only\nchain.delay: lognormal 100 ms 0.5\n");
    fuzz_seed_text("format: 1\nslots: 1\nmeters.count: 2\nmeters.delivery: declared\n"
                   "orders.inline: |\n  id,side,price,quantity\n  S1,sell,0.41,2\n"
                   "  B1,buy,0.53,4\n");
}
