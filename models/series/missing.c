#include "models/series/missing.h"

#include <string.h>

bool gb_missing_parse(struct gb_missing_numbers *out, const char *text)
{
    size_t n;

    out->n = 0;
    do {
        n = strcspn(text, ",");
        if (out->n == GB_SERIES_MOST_MISSING ||
            gb_cell_number((struct gb_span){text, n}, '.', &out->numbers[out->n]) != GB_CELL_NUMBER)
            return false;
        out->n++;
        text += n + 1;
    } while (text[-1] == ',');
    return true;
}

/* -99, -99.9, -999.99 and the like, but for -9 and its decimals, which weather can be. */
static bool is_in_nines(int64_t nano)
{
    uint64_t digits;

    if (nano > -99 * GB_NANO || nano == GB_SERIES_MISSING)
        return false;
    digits = (uint64_t)-nano;
    if (digits % (uint64_t)GB_NANO == 0)
        digits /= (uint64_t)GB_NANO;
    else
        while (digits % 10 == 0) /* zeros behind the decimal sign: -990 is not written in nines */
            digits /= 10;
    while (digits % 10 == 9)
        digits /= 10;
    return digits == 0;
}

static bool is_weather(const struct gb_channel *channel)
{
    return channel->unit &&
           (channel->unit->kind == GB_UNIT_IRRADIANCE || channel->unit->kind == GB_UNIT_OTHER);
}

static bool is_said(int64_t value, const struct gb_missing_numbers *said)
{
    for (size_t i = 0; i < said->n; i++)
        if (value == said->numbers[i])
            return true;
    return false;
}

void gb_missing_mark(struct gb_series *series, const struct gb_missing_numbers *said)
{
    for (size_t k = 0; k < series->n_channels; k++) {
        struct gb_channel *channel = &series->channels[k];
        bool of_weather = is_weather(channel);

        for (size_t i = 0; i < channel->n && (of_weather || said->n > 0); i++) {
            int64_t value = channel->values[i];
            bool was_said = is_said(value, said);

            if (!was_said && !(of_weather && is_in_nines(value)))
                continue;
            channel->values[i] = GB_SERIES_MISSING;
            channel->n_void++;
            series->n_missing[was_said ? GB_SENTINEL_SAID : GB_SENTINEL_NINES]++;
        }
    }
}

int64_t gb_missing_doubt(const struct gb_channel *channel, uint32_t *line)
{
    for (size_t i = 0; i < channel->n; i++)
        if (is_in_nines(channel->values[i])) {
            *line = channel->lines[i];
            return channel->values[i];
        }
    return 0;
}
