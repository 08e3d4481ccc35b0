#include "analysis/tariff_text.h"

#include "base/quantity.h"
#include "base/text.h"

static void add_range(char *buffer, size_t size, int64_t low, int64_t high)
{
    char text[32];

    if (low != high)
        gb_text_append(buffer, size, "%s to ", gb_format_decimal(low, 6, text, sizeof text));
    gb_text_append(buffer, size, "%s", gb_format_decimal(high, 6, text, sizeof text));
}

const char *gb_tariff_text(const struct gb_summary_row *trial, char *buffer, size_t size)
{
    buffer[0] = '\0';
    add_range(buffer, size, trial->retail_lowest, trial->retail);
    gb_text_append(buffer, size, " / ");
    add_range(buffer, size, trial->feed_in, trial->feed_in_highest);
    return buffer;
}

int gb_tariff_text_is_same(const struct gb_summary_row *a, const struct gb_summary_row *b)
{
    return a->retail == b->retail && a->feed_in == b->feed_in &&
           a->retail_lowest == b->retail_lowest && a->feed_in_highest == b->feed_in_highest;
}
