/* What a sweep averages over: `average.KEY: equal`. */
#include <stdio.h>
#include <string.h>

#include "experiments/sweep/sweep_read_priv.h"

static struct gb_sweep_key *find_shared(struct gb_sweep *sweep, const char *name)
{
    for (size_t k = 0; k < sweep->shared.n_keys; k++)
        if (strcmp(sweep->shared.keys[k].name, name) == 0)
            return &sweep->shared.keys[k];
    return NULL;
}

static size_t count_averaged(const struct gb_sweep *sweep)
{
    size_t n = 0;

    for (size_t k = 0; k < sweep->shared.n_keys; k++)
        n += sweep->shared.keys[k].is_averaged;
    return n;
}

/* Why the key cannot be averaged over; NULL: it can. */
static const char *objection(const struct gb_sweep *sweep, const struct gb_sweep_key *key)
{
    if (!key)
        return "is not varied by `vary`, so that there is nothing to average over";
    if (key->is_zipped)
        return "moves together with other keys in `zip`, and is averaged over by `vary` alone";
    if (count_averaged(sweep) == GB_MAX_AVERAGED)
        return "is one key too many: at most 4 are averaged over";
    return NULL;
}

static void take_key(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry,
                     const char *name)
{
    struct gb_sweep_key *key = find_shared(reading->sweep, name);
    const char *why = objection(reading->sweep, key);
    char description[512];

    if (!gb_scenario_find_row(reading->sweep->base, name)) {
        if (entry->kind != GB_YAML_SECTION) /* its keys follow */
            gb_sweep_report_unknown_key(reading, entry, name);
    } else if (entry->kind != GB_YAML_VALUE || strcmp(entry->value, "equal") != 0) {
        snprintf(description, sizeof description,
                 "average: expected equal weights, as in average: {%s: equal}", name);
        gb_sweep_report(reading, entry, false, description);
    } else if (why) {
        snprintf(description, sizeof description, "average: %s %s", name, why);
        gb_sweep_report(reading, entry, true, description);
    } else {
        key->is_averaged = true;
    }
}

void gb_sweep_take_average(struct gb_sweep_reading *reading, const struct gb_yaml *yaml)
{
    static const char start[] = "average.";

    for (size_t i = 0; i < yaml->n; i++)
        if (yaml->entries[i].kind != GB_YAML_ITEM &&
            strncmp(yaml->entries[i].key, start, strlen(start)) == 0)
            take_key(reading, &yaml->entries[i], yaml->entries[i].key + strlen(start));
}

struct gb_averages gb_sweep_averages(const struct gb_sweep *sweep)
{
    struct gb_averages averages = {0};

    for (size_t k = 0; k < sweep->shared.n_keys; k++)
        if (sweep->shared.keys[k].is_averaged)
            averages.n_values[averages.n++] = sweep->shared.keys[k].n;
    return averages;
}
