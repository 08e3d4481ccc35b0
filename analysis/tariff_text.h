/* What a trial's tariff is, in words. */
#ifndef ANALYSIS_TARIFF_TEXT_H
#define ANALYSIS_TARIFF_TEXT_H

#include <stddef.h>

#include "analysis/record.h"

/* Its prices per kWh: "0.59 / 0.31"; where they differ by time or kind "0.22 to 0.5 / -0.03 to
 * 0.15". returns buffer */
const char *gb_tariff_text(const struct gb_summary_row *trial, char *buffer, size_t size);
/* Is it the same in both? */
int gb_tariff_text_is_same(const struct gb_summary_row *a, const struct gb_summary_row *b);

#endif
