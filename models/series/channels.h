/* What is said of a series, and what is known of it once it is read: channels on a regular grid of
 * UTC, in the file's own units, and all that was understood on the way. */
#ifndef MODELS_SERIES_CHANNELS_H
#define MODELS_SERIES_CHANNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/zone.h"
#include "models/series/cells.h"
#include "models/series/stamp.h"
#include "models/series/unit.h"

enum gb_series_value {
    GB_VALUE_UNSAID, /* power is a mean, energy that of a step */
    GB_VALUE_MEAN,
    GB_VALUE_SAMPLE,
    GB_VALUE_ENERGY,
    GB_VALUE_COUNTER
};
/* The middle is that of some formats, and of satellites. */
enum gb_series_label { GB_LABEL_UNSAID, GB_LABEL_START, GB_LABEL_END, GB_LABEL_MIDDLE };
enum gb_series_gaps { GB_GAPS_REFUSE, GB_GAPS_HOLD, GB_GAPS_WEEK };

enum { GB_SERIES_MOST_MISSING = 8 };
struct gb_missing_numbers { /* that stand where nothing was measured, in 1e-9 of the unit */
    size_t n;
    int64_t numbers[GB_SERIES_MOST_MISSING];
};

struct gb_series_options { /* all 0: nothing is said */
    enum gb_series_value value;
    enum gb_series_label label;
    enum gb_series_gaps gaps;
    enum gb_date_order date;
    const struct gb_unit *unit; /* of all channels; NULL: what the columns' names say */
    bool has_zone;
    struct gb_zone zone; /* of stamps without an offset; not said: UTC */
    struct gb_missing_numbers missing;
    const char *columns; /* names, by commas, of those to be read; NULL: all that hold numbers */
    const char *time;    /* name of the column of stamps, or "DATE,CLOCK"; NULL: found */
    const char *id;      /* name, or names by commas, of what names the meter; NULL: found */
    const char *issued;  /* of forecasts, name of the column that says when; NULL: there is none */
};

enum gb_series_form {
    GB_FORM_WIDE,
    GB_FORM_LONG,
    GB_FORM_DAY_ROWS,
    GB_FORM_NEM12, /* from here on the format fixes the zone */
    GB_FORM_EPW,
    GB_FORM_TMY3,
    GB_FORM_PVGIS,
    GB_FORM_NSRDB
};

struct gb_place { /* where a file was measured */
    bool is_known;
    double latitude_deg, longitude_deg;
    double altitude_m, utc_offset_h; /* NaN: not said */
};

struct gb_channel {
    char *name;                 /* owned */
    const struct gb_unit *unit; /* NULL: neither said nor in the name */
    enum gb_series_value value; /* never unsaid, but where the unit is */
    int64_t issued_s;           /* of a forecast, UTC */
    int64_t start_s, step_s;    /* of the first value, UTC; of a daily profile since midnight */
    size_t n;
    int64_t *values; /* in 1e-9 of the unit; GB_SERIES_MISSING; of the series' arena */
    uint32_t
        *lines; /* likewise: of the file, each value's; 0: no row; those of a meter share them */
    size_t n_absent; /* steps without a row */
    size_t n_void;   /* rows whose cell holds nothing */
};

enum { GB_SERIES_MOST_ODD = 8 };

struct gb_series {
    enum gb_series_form form;
    bool is_utf16, has_mark; /* encoding; a byte order mark */
    char separator, decimal;
    bool has_header;
    uint32_t header_line, first_line; /* of the names, of the first row */
    uint32_t units_line;              /* 0: units have no line of their own */
    bool header_has_zone;             /* the names of stamps say which clock they are of */
    struct gb_zone header_zone;       /* that */
    size_t n_rows;
    size_t n_backward;                /* rows earlier than the one before */
    size_t n_missing[GB_N_SENTINELS]; /* cells of values that hold nothing, by what stands there */
    bool is_daily;                    /* a clock without dates: it repeats */
    bool is_typical;                  /* months of several years, shown as 2001 */
    bool has_offsets;                 /* the stamps say where their clock stands */
    unsigned parts;                   /* of stamps in columns of their own, a bit of each gb_part */
    bool counts_hours, counts_day;    /* as of gb_parts */
    bool counts_from_zero;            /* likewise, of periods */
    bool has_issues;                  /* of forecasts: a channel for each meter and time of issue */
    bool value_said;                  /* by the options */
    bool label_unsaid; /* a label is due; the starts of channels are stamps as they stand */
    enum gb_series_label label;
    int64_t light_late_s; /* of irradiance of PVGIS behind its stamp */
    struct gb_zone zone;
    struct gb_place place;
    size_t n_summer; /* doubled stamps that the end of summer time explains */
    size_t n_channels;
    struct gb_channel *channels;
    struct gb_arena arena; /* their values and lines */
    size_t n_odd; /* lines that hold no row, behind the first: only the first of them are kept */
    struct gb_series_odd {
        uint32_t line;
        char text[60];
    } odd[GB_SERIES_MOST_ODD];
};

#endif
