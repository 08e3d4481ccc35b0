/* Presets: named values of some keys of a section, each with its source. They are the files of
 * experiments/presets, SECTION-NAME.yaml, and part of the program, so that `site.preset: munich`
 * needs no other file. */
#ifndef EXPERIMENTS_SCENARIO_PRESETS_H
#define EXPERIMENTS_SCENARIO_PRESETS_H

#include <stdbool.h>

/* Names by sections, as choices of a row (base/param.h): "none", then those that there are. */
extern const char *const gb_site_presets[],
    *const gb_tariff_presets[], *const gb_clouds_presets[], *const gb_wind_presets[],
                                                                *const gb_load_presets[];

/* The text of a preset, YAML, by its key ("site.preset") and its name; NULL: there is none. */
const char *gb_preset_find(const char *key, const char *name);
/* Does this key choose a preset? Only where a scenario's file is read can it: what the file says
 * itself goes before, and afterwards nobody knows any more what that was. */
bool gb_preset_is_key(const char *key);

#endif
