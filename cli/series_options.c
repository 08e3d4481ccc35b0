#include "cli/series_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/message.h"
#include "models/series/missing.h"

/* Finds a word among a few.
 * row      of the command's table
 * returns  its place, or -1 with the mistake printed */
static int word_of(const struct gb_arguments *arguments, int row, const char *const *words)
{
    char all[64] = "";

    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], arguments->value) == 0)
            return i;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? ", " : "", words[i]);
    }
    gb_message_wrong_use(arguments->command, "series: '%s' expects one of %s, not '%s'",
                         arguments->options[row].name, all, arguments->value);
    return -1;
}

static int take_zone(struct gb_series_options *out, const struct gb_arguments *arguments)
{
    struct gb_error err = {0};

    if (gb_zone_parse(arguments->value, &out->zone, &err) != GB_OK)
        return gb_message_failure(&err);
    out->has_zone = true;
    return GB_EXIT_DONE;
}

static int take_unit(struct gb_series_options *out, const struct gb_arguments *arguments)
{
    out->unit = gb_unit_named(arguments->value, strlen(arguments->value));
    return out->unit ? GB_EXIT_DONE
                     : gb_message_wrong_use(arguments->command,
                                            "series: '--unit' expects one of %s, not '%s'",
                                            gb_unit_names(), arguments->value);
}

static int take_missing(struct gb_series_options *out, const struct gb_arguments *arguments)
{
    return gb_missing_parse(&out->missing, arguments->value)
               ? GB_EXIT_DONE
               : gb_message_wrong_use(arguments->command,
                                      "series: '--missing' expects up to %d numbers by commas, "
                                      "like -999,-1, not '%s'",
                                      GB_SERIES_MOST_MISSING, arguments->value);
}

static int take_word(struct gb_series_options *out, const struct gb_arguments *arguments, int row,
                     int option)
{
    static const char *const kinds[] = {"mean", "sample", "energy", "counter", NULL};
    static const char *const labels[] = {"start", "end", "middle", NULL};
    static const char *const orders[] = {"dmy", "mdy", "serial", "serial-1904", NULL};
    static const char *const rules[] = {"refuse", "hold", "week", NULL};
    int place = word_of(arguments, row,
                        option == GB_SERIES_OPTION_VALUE   ? kinds
                        : option == GB_SERIES_OPTION_LABEL ? labels
                        : option == GB_SERIES_OPTION_DATE  ? orders
                                                           : rules);

    if (place < 0)
        return GB_EXIT_WRONG_USE;
    if (option == GB_SERIES_OPTION_VALUE)
        out->value = (enum gb_series_value)(place + 1);
    else if (option == GB_SERIES_OPTION_LABEL)
        out->label = (enum gb_series_label)(place + 1);
    else if (option == GB_SERIES_OPTION_DATE)
        out->date = (enum gb_date_order)(place + 1);
    else
        out->gaps = (enum gb_series_gaps)place;
    return GB_EXIT_DONE;
}

int gb_series_options_take(struct gb_series_options *out, const struct gb_arguments *arguments,
                           int first, int option)
{
    switch (option - first) {
    case GB_SERIES_OPTION_ZONE: return take_zone(out, arguments);
    case GB_SERIES_OPTION_UNIT: return take_unit(out, arguments);
    case GB_SERIES_OPTION_MISSING: return take_missing(out, arguments);
    case GB_SERIES_OPTION_COLUMN: out->columns = arguments->value; return GB_EXIT_DONE;
    case GB_SERIES_OPTION_TIME: out->time = arguments->value; return GB_EXIT_DONE;
    case GB_SERIES_OPTION_ID: out->id = arguments->value; return GB_EXIT_DONE;
    default: return take_word(out, arguments, option, option - first);
    }
}
