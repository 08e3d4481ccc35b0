#include "cli/parameter_file.h"

#include <stdlib.h>

#include "cli/command.h"
#include "cli/join.h"
#include "cli/message.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/yaml.h"

static int hand_out(const struct gb_yaml *yaml, const char *path,
                    int (*take)(void *context, const char *setting), void *context)
{
    int code = GB_EXIT_DONE;

    for (size_t i = 0; code == GB_EXIT_DONE && i < yaml->n; i++) {
        const struct gb_yaml_entry *entry = &yaml->entries[i];
        if (entry->kind == GB_YAML_SECTION)
            continue;
        if (entry->kind != GB_YAML_VALUE) {
            gb_message_error("%s:%zu:%zu: %s: expected a value, as `gridbourse fit` writes it",
                             path, entry->line, entry->column, entry->key);
            return GB_EXIT_WRONG_USE;
        }
        char *key = gb_join(entry->key, "="), *setting = key ? gb_join(key, entry->value) : NULL;
        if (!setting)
            gb_message_exhausted("the parameters");
        code = take(context, setting);
        free(setting);
        free(key);
    }
    return code;
}

int gb_parameter_file_read(const char *path, int (*take)(void *context, const char *setting),
                           void *context)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_yaml *yaml = NULL;
    struct gb_error err = {0};
    int code = GB_EXIT_DONE;

    if (!diagnostics)
        gb_message_exhausted("the parameters");
    enum gb_status status = gb_yaml_read(&yaml, path, diagnostics, &err);
    if (status == GB_OK)
        status = gb_diagnostics_conclude(diagnostics, 0, &err);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++)
        gb_message_note("%s", gb_diagnostics_at(diagnostics, i));
    if (status == GB_EFILE)
        status = err.status = GB_EINPUT; /* parameters one cannot read are wrong use */
    if (status == GB_OK)
        code = hand_out(yaml, path, take, context);
    else
        code = gb_message_failure(&err);
    gb_yaml_free(yaml);
    gb_diagnostics_free(diagnostics);
    return code;
}
