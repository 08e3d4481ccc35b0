/* A stored scenario reads back to the same bits, whatever its keys are, with the orders that it
 * plays. */
#include "experiments/scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/scenarios.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define PATH "test_scenario_stored.tmp.yaml"
#define ORDERS "test_scenario_stored.tmp.csv"

/* Writes a scenario, reads it back, and compares the two and their texts. */
static bool survives_storage(const struct gb_scenario *scenario)
{
    struct gb_error err = {0};
    char *text = NULL, *again = NULL, said[4096];
    bool is_good = gb_scenario_text(scenario, &text, &err) == GB_OK;
    struct gb_scenario *back = is_good ? scenario_of_text(PATH, text, said, sizeof said) : NULL;

    if (!back)
        tap_note("refused: %s\n%s", said, text);
    is_good = back && scenarios_are_equal(scenario, back) &&
              gb_scenario_text(back, &again, &err) == GB_OK && strcmp(text, again) == 0;
    free(text);
    free(again);
    gb_scenario_free(back);
    return is_good;
}

/* ---- a small generator of values, the same in every run */

static double uniform(uint64_t *state)
{
    return (double)(splitmix64(state) >> 11) * 0x1p-53;
}

static void random_value(const struct gb_param *row, uint64_t *state, char *text, size_t size)
{
    double low = row->minimum, high = row->maximum > row->minimum ? row->maximum : low + 100;
    double x = low + (high - low) * uniform(state) * (splitmix64(state) % 2 ? 1 : 1e-3);
    size_t n = 0;

    switch (row->kind) {
    case GB_PARAM_NUMBER: snprintf(text, size, "%.17g", x); break;
    case GB_PARAM_MILLIONTHS:
    case GB_PARAM_PRICE: snprintf(text, size, "%.6f", x); break;
    case GB_PARAM_MONEY: snprintf(text, size, "%.9f", x); break;
    case GB_PARAM_INTEGER:
    case GB_PARAM_ENERGY: snprintf(text, size, "%.0f", x); break;
    case GB_PARAM_DURATION: snprintf(text, size, "%.0f ns", x * 1e9); break;
    case GB_PARAM_CALL:
        snprintf(text, size,
                 splitmix64(state) % 2 ? "lognormal %d us %.17g" : "normal %d ms %.0f ns",
                 (int)(splitmix64(state) % 100000), uniform(state) * 5);
        break;
    case GB_PARAM_FLAG: snprintf(text, size, splitmix64(state) % 2 ? "yes" : "no"); break;
    case GB_PARAM_DATE:
        snprintf(text, size, "20%02d-0%d-1%d", (int)(splitmix64(state) % 100),
                 (int)(splitmix64(state) % 9) + 1, (int)(splitmix64(state) % 10));
        break;
    case GB_PARAM_CHOICE:
        while (row->choices[n])
            n++;
        snprintf(text, size, "%s", row->choices[splitmix64(state) % n]);
        break;
    case GB_PARAM_WORDS: /* a set is written in the order of its choices */
        snprintf(text, size, "%s, %s", row->choices[0], row->choices[1 + splitmix64(state) % 2]);
        break;
    case GB_PARAM_MEMBER:
        while (gb_family_member(row->family, NULL, n))
            n++;
        snprintf(text, size, "%s",
                 gb_family_member(row->family, NULL, splitmix64(state) % n)->name);
        break;
    case GB_PARAM_TEXT:
    case GB_PARAM_BLOCK: text[0] = '\0'; break;
    }
}

static void random_scenarios_read_back_to_the_same_bits(void)
{
    enum { N_SCENARIOS = 120 };
    static const char *const slots[] = {"1 min", "5 min", "15 min", "30 min", "1 h"};
    uint64_t state = 20231;
    size_t n_changed = 0;

    for (int i = 0; i < N_SCENARIOS; i++) {
        char said[4096];
        struct gb_scenario *s = scenario_of_text(PATH, "format: 1\n", said, sizeof said);
        EXPECT_TEXT(said, "");
        for (size_t r = 0; r < gb_scenario_n_rows(NULL); r++) {
            const struct gb_param *row = gb_scenario_row(NULL, r);
            struct gb_scenario *copy = NULL;
            struct gb_error err = {0};
            char value[128];
            random_value(row, &state, value, sizeof value);
            if (strcmp(row->key, "slot") == 0)
                snprintf(value, sizeof value, "%s", slots[splitmix64(&state) % 5]);
            if (row->kind >= GB_PARAM_TEXT || gb_scenario_copy(&copy, s, &err) != GB_OK)
                continue;
            if (scenario_set(copy, row->key, value, &err) == GB_OK) {
                gb_scenario_free(s); /* accepted: go on with it */
                s = copy;
                n_changed++;
            } else {
                gb_scenario_free(copy);
            }
        }
        EXPECT(survives_storage(s));
        gb_scenario_free(s);
    }
    tap_note("%zu values of %d scenarios differ from the defaults", n_changed, N_SCENARIOS);
    EXPECT(n_changed > 50 * N_SCENARIOS);
}

static void orders_travel_inside_the_stored_scenario(void)
{
    static const char *const tables[] = {
        "id,side,price,quantity\nS1,sell,0.41,2\nB1,buy,0.53,4\n",
        "id,side,price,quantity\r\nS1,sell,0.41,2\r\nB1,buy,0.53,4",
        "\n\n# a comment\n  id , side,price,quantity\n\"S, \"\"1\",sell,0.41,2\n\tB\xc3\xa9,buy,0.53,4\n\n\n",
        "id,side,price,quantity,slot,time,reserve\nS1,sell,0.41,2,0,1.5,0.35\nS1,sell,0.42,2,1,3,\n",
    };

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char said[4096];
        write_text(ORDERS, tables[i]);
        struct gb_scenario *s = scenario_of_text(
            PATH, "format: 1\norders.file: " ORDERS "\nmarket.books: pooled\n", said, sizeof said);
        EXPECT_TEXT(said, "");
        unlink(ORDERS); /* from here on the orders stand in the text alone */
        EXPECT(s && s->n_entries == 2);
        EXPECT(s && survives_storage(s));
        gb_scenario_free(s);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(random_scenarios_read_back_to_the_same_bits),
                                            TAP(orders_travel_inside_the_stored_scenario),
                                            {0}};
    return tap_main("scenario_stored", tests);
}
