/* Where keys were given, and what is wrong there. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "experiments/scenario/scenario_priv.h"

void gb_reading_report_at(struct gb_reading *reading, const struct gb_source_position *position,
                          const char *description)
{
    bool is_option = reading->origin && strcmp(reading->origin, "--set") == 0;

    if (position && position->setting && position->line > 0)
        gb_diagnostics_add_at(reading->diagnostics, reading->origin, position->line,
                              position->column, "%s", description);
    else if (position && position->setting)
        gb_diagnostics_add(reading->diagnostics, reading->origin ? reading->origin : "settings",
                           "%s%s%.200s: %s", reading->origin ? reading->origin : "",
                           is_option         ? " "
                           : reading->origin ? ": set: "
                                             : "",
                           position->setting, description);
    else if (reading->path)
        gb_diagnostics_add_at(reading->diagnostics, reading->path, position ? position->line : 0,
                              position ? position->column : 0, "%s", description);
    else
        gb_diagnostics_add(reading->diagnostics, reading->origin ? reading->origin : "settings",
                           "%s", description);
}

static struct gb_source_position *position_of(const struct gb_reading *reading, const char *key)
{
    struct gb_scenario_key found = gb_scenario_key_find(reading->scenario, key);

    return found.row ? &reading->positions[found.number] : NULL;
}

void gb_reading_report(struct gb_reading *reading, const char *key, const char *format, ...)
{
    struct gb_source_position *position = position_of(reading, key);
    char description[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(description, sizeof description, format, args);
    va_end(args);
    gb_reading_report_at(reading, position && position->is_given ? position : NULL, description);
    if (position)
        reading->has_wrong = position->is_wrong = true;
}

/* At the row of meters.file whose cells it has. */
static void report_row(struct gb_reading *reading, const struct gb_item *item, const char *key,
                       const char *format, va_list args) __attribute__((format(printf, 4, 0)));
static void report_row(struct gb_reading *reading, const struct gb_item *item, const char *key,
                       const char *format, va_list args)
{
    const char *path = reading->scenario->meters_path;
    char description[1024];

    vsnprintf(description, sizeof description, format, args);
    gb_diagnostics_add_at(reading->diagnostics,
                          path ? path : gb_scenario_meters_key(reading->scenario), item->row_line,
                          1, "%s%s%s", key ? key : "", key ? ": " : "", description);
    reading->has_wrong = true;
}

void gb_reading_report_item(struct gb_reading *reading, const struct gb_item *item, const char *key,
                            const char *format, ...)
{
    char name[256], description[1024];
    va_list args;

    snprintf(name, sizeof name, "%s.%s%s%s", item->section->name, item->name, key ? "." : "",
             key ? key : "");
    struct gb_source_position *position = key ? position_of(reading, name) : NULL;
    if (item->row_line > 0) {
        if (position && position->is_wrong) /* its kind's, which was told there */
            return;
        va_start(args, format);
        report_row(reading, item, key, format, args);
        va_end(args);
        return;
    }
    struct gb_source_position of_name = {.line = item->line, .column = item->column};
    int length = snprintf(description, sizeof description, "%s: ", name);
    va_start(args, format);
    vsnprintf(description + length, sizeof description - (size_t)length, format, args);
    va_end(args);
    gb_reading_report_at(reading,
                         position && position->is_given ? position
                         : reading->path                ? &of_name
                                                        : NULL,
                         description);
    reading->has_wrong = true;
    if (position)
        position->is_wrong = true;
}

bool gb_reading_refuses_item(const struct gb_reading *reading, const struct gb_item *item,
                             const char *key)
{
    char name[256];

    snprintf(name, sizeof name, "%s.%s.%s", item->section->name, item->name, key);
    return gb_reading_is_invalid(reading, (const char *const[]){name, NULL});
}

bool gb_reading_gives(const struct gb_reading *reading, const char *key)
{
    const struct gb_source_position *position = position_of(reading, key);

    return position && position->is_given && !position->is_wrong;
}

bool gb_reading_sets(const struct gb_reading *reading, const char *key)
{
    return gb_reading_gives(reading, key) && position_of(reading, key)->setting;
}

bool gb_reading_leave_out(struct gb_reading *reading, struct gb_source_position *position,
                          const char *why)
{
    if (!reading->unread || !position->setting)
        return false;
    for (size_t i = 0; i < reading->n_settings; i++)
        if (reading->settings[i] == position->setting)
            snprintf(reading->unread[i].why, sizeof reading->unread[i].why, "%s", why);
    position->is_given = false;
    return true;
}

bool gb_reading_leave_out_key(struct gb_reading *reading, const char *key, const char *why)
{
    struct gb_source_position *position = position_of(reading, key);

    return position && gb_reading_leave_out(reading, position, why);
}

void gb_reading_mark_invalid(struct gb_reading *reading, const char *key)
{
    struct gb_source_position *position = position_of(reading, key);

    if (position)
        reading->has_wrong = position->is_wrong = true;
}

bool gb_reading_is_invalid(const struct gb_reading *reading, const char *const *keys)
{
    for (; reading->has_wrong && *keys; keys++) {
        const struct gb_source_position *position = position_of(reading, *keys);
        if (position && position->is_wrong)
            return true;
    }
    return false;
}
