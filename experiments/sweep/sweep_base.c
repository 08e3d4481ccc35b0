#include "experiments/sweep/sweep_base.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/sweep/sweep_priv.h"

static bool is_of_key(const char *setting, const char *other)
{
    size_t length = strcspn(setting, "=");

    return strncmp(setting, other, length + 1) == 0;
}

/* Drops settings that the command line gives anew. */
static void drop_overruled(struct gb_sweep_settings *late, size_t n_settings,
                           const char *const *settings)
{
    size_t kept = 0;

    for (size_t i = 0; i < late->n; i++) {
        bool is_overruled = false;

        for (size_t s = 0; s < n_settings; s++)
            is_overruled |= is_of_key(late->list[i], settings[s]);
        if (is_overruled) {
            free(late->list[i]);
        } else {
            late->places[kept] = late->places[i];
            late->list[kept++] = late->list[i];
        }
    }
    late->n = kept;
}

/* Puts settings over the base; those that nothing reads go into `late`.
 * places  as gb_scenario_apply_read */
static enum gb_status apply(struct gb_sweep *sweep, const char *origin, size_t n,
                            const char *const *settings, const struct gb_setting_place *places,
                            struct gb_sweep_settings *late, struct gb_diagnostics *diagnostics,
                            struct gb_error *err)
{
    const struct gb_setting_place nowhere = {0};
    struct gb_unread *unread = calloc(n + 1, sizeof *unread);
    enum gb_status status = unread
                                ? gb_scenario_apply_read(sweep->base, origin, n, settings, places,
                                                         unread, diagnostics, err)
                                : gb_fail(err, GB_ENOMEM, "no memory for the settings of a sweep");

    for (size_t i = 0; status == GB_OK && i < n; i++)
        if (unread[i].why[0] &&
            !gb_sweep_settings_add_at(late, settings[i], NULL, places ? places[i] : nowhere))
            status = gb_fail(err, GB_ENOMEM, "no memory for the settings of a sweep");
    free(unread);
    return status;
}

/* Keeps, of the settings left of the file, those that the command line has not made read. */
static enum gb_status keep_of_file(struct gb_sweep *sweep, const char *path,
                                   const struct gb_sweep_settings *left,
                                   struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    enum gb_status status = apply(sweep, path, left->n, (const char *const *)left->list,
                                  left->places, &sweep->late, diagnostics, err);

    sweep->n_late_of_file = sweep->late.n;
    return status;
}

enum gb_status gb_sweep_set_base(struct gb_sweep *sweep, const char *path,
                                 const struct gb_sweep_settings *set, size_t n_settings,
                                 const char *const *settings, struct gb_diagnostics *diagnostics,
                                 struct gb_error *err)
{
    struct gb_sweep_settings of_file = {0}, of_line = {0};
    enum gb_status status = apply(sweep, path, set->n, (const char *const *)set->list, set->places,
                                  &of_file, diagnostics, err);

    drop_overruled(&of_file, n_settings, settings);
    if (status == GB_OK)
        status = apply(sweep, "--set", n_settings, settings, NULL, &of_line, diagnostics, err);
    if (status == GB_OK)
        status = keep_of_file(sweep, path, &of_file, diagnostics, err);
    for (size_t i = 0; status == GB_OK && i < of_line.n; i++)
        if (!gb_sweep_settings_add(&sweep->late, of_line.list[i], NULL))
            status = gb_fail(err, GB_ENOMEM, "no memory for the settings of a sweep");
    for (size_t i = 0; status == GB_OK && i < set->n + n_settings; i++)
        if (!gb_sweep_settings_add(&sweep->unread, i < set->n ? set->list[i] : settings[i - set->n],
                                   NULL))
            status = gb_fail(err, GB_ENOMEM, "no memory for the settings of a sweep");
    gb_sweep_settings_clear(&of_file);
    gb_sweep_settings_clear(&of_line);
    return status;
}
