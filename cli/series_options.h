/* Options that say of a series what its file cannot tell, the same for every command that reads
 * one. */
#ifndef CLI_SERIES_OPTIONS_H
#define CLI_SERIES_OPTIONS_H

#include "cli/arguments.h"
#include "models/series/channels.h"

enum {
    GB_SERIES_OPTION_VALUE,
    GB_SERIES_OPTION_UNIT,
    GB_SERIES_OPTION_LABEL,
    GB_SERIES_OPTION_ZONE,
    GB_SERIES_OPTION_COLUMN,
    GB_SERIES_OPTION_TIME,
    GB_SERIES_OPTION_ID,
    GB_SERIES_OPTION_DATE,
    GB_SERIES_OPTION_GAPS,
    GB_SERIES_OPTION_MISSING,
    GB_N_SERIES_OPTIONS
};

/* Their rows in a command's table (cli/arguments.h), from place `first` on. */
#define GB_SERIES_OPTION_ROWS(first)                                                                    \
    [(first) + GB_SERIES_OPTION_VALUE] = {"--value", NULL, "KIND",                                         \
                                "what a number is: mean or sample (power), energy of a step, "   \
                                "counter"},                                                      \
    [(first) + GB_SERIES_OPTION_UNIT] = {"--unit", NULL, "UNIT",                                           \
                               "of all columns, where their names hold none"},                   \
    [(first) + GB_SERIES_OPTION_LABEL] = {"--label", NULL, "WHICH",                                        \
                                "stamps are the start, the end or the middle of an interval"},               \
    [(first) + GB_SERIES_OPTION_ZONE] = {"--zone", NULL, "ZONE",                                           \
                               "of stamps without an offset, as POSIX writes it; default UTC0"}, \
    [(first) + GB_SERIES_OPTION_COLUMN] = {"--column", NULL, "NAMES",                                      \
                                 "read these columns alone, by commas"},                         \
    [(first) + GB_SERIES_OPTION_TIME] = {"--time", NULL, "NAME", "the column of stamps, or DATE,CLOCK, or YEAR,MONTH,DAY,HOUR,..."},   \
    [(first) + GB_SERIES_OPTION_ID] = {"--id", NULL, "NAMES",                                            \
                             "the column that names the meter, or several, by commas"},           \
    [(first) + GB_SERIES_OPTION_DATE] = {"--date", NULL, "ORDER",                                          \
                               "dmy or mdy, where no date of the file tells; serial or serial-1904: days of a spreadsheet"},                   \
    [(first) + GB_SERIES_OPTION_GAPS] = {"--gaps", NULL, "RULE", "refuse (default), hold or week"},  \
    [(first) + GB_SERIES_OPTION_MISSING] = {"--missing", NULL, "NUMBERS",                               \
                               "by commas, that stand where nothing was measured: -999,-1"}

/* Takes one of them.
 * first    where their rows begin in the command's table
 * returns  GB_EXIT_DONE, or the code to end with, its reason printed */
int gb_series_options_take(struct gb_series_options *out, const struct gb_arguments *arguments,
                           int first, int option);

#endif
