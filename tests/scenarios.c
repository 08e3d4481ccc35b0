#include "tests/scenarios.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/text_file.h"

struct gb_scenario *scenario_of_text(const char *path, const char *text, char *said, size_t size)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};
    size_t used = 0;

    write_text(path, text);
    enum gb_status status = gb_scenario_load(&scenario, NULL, path, 0, NULL, diagnostics, &err);
    EXPECT((status == GB_OK) == (scenario != NULL));
    EXPECT((status == GB_ECONFIG) == (gb_diagnostics_count(diagnostics) > 0));
    said[0] = '\0';
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics) && used < size; i++) {
        const char *line = gb_diagnostics_at(diagnostics, i);
        EXPECT(strncmp(line, path, strlen(path)) == 0);
        used += (size_t)snprintf(said + used, size - used, "%s\n", line + strlen(path));
    }
    gb_diagnostics_free(diagnostics);
    unlink(path);
    return scenario;
}

enum gb_status scenario_set(struct gb_scenario *scenario, const char *key, const char *value,
                            struct gb_error *err)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    char setting[512];

    snprintf(setting, sizeof setting, "%s=%s", key, value);
    enum gb_status status =
        gb_scenario_apply(scenario, NULL, 1, (const char *const[]){setting}, diagnostics, err);
    if (gb_diagnostics_count(diagnostics) > 0)
        snprintf(err->text, sizeof err->text, "%s", gb_diagnostics_at(diagnostics, 0));
    gb_diagnostics_free(diagnostics);
    return status;
}

static bool is_same_orders(const struct gb_scenario *a, const struct gb_scenario *b)
{
    if (!a->orders_text != !b->orders_text || a->n_entries != b->n_entries)
        return false;
    if (a->orders_text && strcmp(a->orders_text, b->orders_text) != 0)
        return false;
    return a->n_entries == 0 ||
           memcmp(a->entries, b->entries, a->n_entries * sizeof *a->entries) == 0;
}

bool scenarios_are_equal(const struct gb_scenario *a, const struct gb_scenario *b)
{
    struct gb_scenario x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    x.strategy_config = y.strategy_config = NULL;
    x.folder = y.folder = x.orders_text = y.orders_text = NULL;
    x.entries = y.entries = NULL;
    memset(x.orders_file, 0, sizeof x.orders_file);
    memset(y.orders_file, 0, sizeof y.orders_file);
    return memcmp(&x, &y, sizeof x) == 0 && is_same_orders(a, b) &&
           memcmp(a->strategy_config, b->strategy_config, a->strategy->member.config_size) == 0;
}
