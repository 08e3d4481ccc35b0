/* What would be taken for a finding and is none (a limit of the program, or keys that contradict
 * each other), and what costs more than one would think. Notes on stderr; nothing is refused. */
#ifndef CLI_WARNINGS_H
#define CLI_WARNINGS_H

#include "experiments/scenario/scenario.h"

/* Says on stderr where the chain's delays are such that real validators would change the view
 * before they agree: here they do not, and commit all the same. */
void gb_warn_view_changes(const struct gb_scenario *scenario);

/* Says where the local time of a modelled site lies more than 3 h off its sun. */
void gb_warn_local_time(const struct gb_scenario *scenario);

/* Says where homes with heat pumps need the same all year, or never anything. */
void gb_warn_heat(const struct gb_scenario *scenario);

/* Says where so much energy in so many days is no household's, and whether a factor 1000 would make
 * it one. */
void gb_warn_yearly(const char *name, int64_t wh, double days);
/* The same of the columns of series that stand for a meter each; and what else is doubtful of
 * series: years that do not fit each other, days of other seasons, stamps of a clock that neither
 * they nor the scenario name. */
void gb_warn_series(const struct gb_scenario *scenario);

/* Says where measured weather is that of another place than the site's, of another height, or on
 * another clock. */
void gb_warn_places(const struct gb_scenario *scenario);

/* Says what /meters takes, where that is a gigabyte of disk or more. */
void gb_warn_meter_rows(const struct gb_scenario *scenario);

#endif
