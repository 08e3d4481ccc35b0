/* What the files behind experiments/scenario/scenario.h share: where the value of a row lives, and
 * one reading of a scenario with the place of every key. */
#ifndef EXPERIMENTS_SCENARIO_SCENARIO_PRIV_H
#define EXPERIMENTS_SCENARIO_SCENARIO_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "experiments/scenario/scenario.h"
#include "models/market/tariffs.h"

extern const struct gb_param gb_preset_params[]; /* rows of presets; ends with a row without key */

/* Whose struct a row of the table describes. */
enum gb_row_owner {
    GB_OWNER_SCENARIO,
    GB_OWNER_PHYSICS,
    GB_OWNER_MARKET,
    GB_OWNER_MEMBER,
    GB_OWNER_ITEM
};

/* A row of the table and whose struct it belongs to. */
struct gb_scenario_key {
    const struct gb_param *row; /* NULL: there is no such row */
    size_t number;              /* of the row, as in gb_scenario_row */
    enum gb_row_owner owner;
    const struct gb_family *family; /* of GB_OWNER_MEMBER: of the member whose option it is */
    const struct gb_member *member;
    struct gb_item *item; /* of GB_OWNER_ITEM */
};

/* Where a key was given. */
struct gb_source_position {
    bool is_given, is_wrong;
    const char *setting; /* "market.beta=2" of --set, or of a sweep; NULL: the scenario's file */
    size_t line, column; /* of a setting line 0: it stands in no file */
};

struct gb_reading {
    struct gb_scenario *scenario;
    struct gb_diagnostics *diagnostics;
    const char *path;   /* of the file; NULL: settings alone */
    const char *origin; /* of the settings: "--set", or the file that holds them */
    const char *table;  /* of orders that are being read: its file */
    size_t n_positions;
    struct gb_source_position *positions; /* one a row */
    bool has_wrong;                       /* some place is wrong */
    bool has_unknown_names; /* in a named section, or of a section: who owns what is not known */
    bool is_over;           /* settings go over a scenario that was read before */
    bool is_stored; /* a text out of a result, maybe of an earlier version: what nothing reads in
                     * it is left out */
    const char *refused;          /* section that was refused last, with all below it; or NULL */
    struct gb_error meters_fault; /* why meters.file has no text */
    size_t n_settings;
    const char *const *settings;
    struct gb_unread *unread; /* of each of them, which is then left out; NULL: it is refused */
};

/* A walk over all keys in the order of the template, and through the options of every member; it
 * begins with the extensions and nothing else. One that begins with gb_scenario_walk_of() goes on
 * through the items of named sections, whose keys have the numbers behind all others. */
struct gb_scenario_walk {
    const struct gb_extensions *extensions;
    const struct gb_scenario *scenario;    /* NULL: no items */
    size_t part, next_member, number, row; /* number: of the table's first row */
    const struct gb_param *rows;           /* of the table */
    const struct gb_member *member;
    size_t section, next_item;
    struct gb_item *item;
};
/* The items of a section. */
struct gb_items *gb_scenario_items(struct gb_scenario *scenario, const struct gb_section *section);
const struct gb_items *gb_scenario_const_items(const struct gb_scenario *scenario,
                                               const struct gb_section *section);
/* Of the k-th of all kinds, or settings of rows behind them. */
static inline const struct gb_item *gb_scenario_kind_item(const struct gb_scenario *scenario,
                                                          size_t k)
{
    const struct gb_items *kinds = &scenario->items[GB_SECTION_HOUSEHOLDS];

    return k < kinds->n ? &kinds->list[k] : &scenario->rows.list[k - kinds->n].item;
}

struct gb_scenario_walk gb_scenario_walk_of(const struct gb_scenario *scenario);
/* Goes to the next key. returns false behind the last */
bool gb_scenario_next(struct gb_scenario_walk *walk, struct gb_scenario_key *key);
/* The row of a selected strategy or mechanism goes before an equally named one of another. */
struct gb_scenario_key gb_scenario_key_find(const struct gb_scenario *scenario, const char *name);
/* The struct that holds the row's value; NULL for an option of a member that is not selected. */
void *gb_scenario_base(struct gb_scenario *scenario, const struct gb_scenario_key *key);
const void *gb_scenario_const_base(const struct gb_scenario *scenario,
                                   const struct gb_scenario_key *key);
/* The key that keeps this one out of the scenario, or NULL: an option of another mechanism or
 * strategy, or of something that is switched off. `why` then says so in the reason. */
const char *gb_scenario_refusal(const struct gb_scenario *scenario,
                                const struct gb_scenario_key *key, char *why, size_t why_size);
/* Is the row of an asset that nobody owns? */
bool gb_scenario_is_unowned(const struct gb_scenario *scenario, const struct gb_param *row);
/* Does the row select a member that has options of its own? */
bool gb_scenario_selects(const struct gb_param *row);
/* The selected member of a family whose members have options. */
const struct gb_member *gb_scenario_selected(const struct gb_scenario *scenario,
                                             const struct gb_family *family);
/* Gives every row of every item its value, and what follows from them. */
enum gb_status gb_scenario_settle(struct gb_scenario *scenario, struct gb_error *err);
/* Selects a strategy or a mechanism: its config with defaults takes the place of the one before. */
enum gb_status gb_scenario_select(struct gb_scenario *scenario, const struct gb_param *row,
                                  const struct gb_member *member, struct gb_error *err);

/* Every value at its default, without the checks between keys. */
enum gb_status gb_scenario_create(struct gb_scenario **out, const struct gb_extensions *extensions,
                                  struct gb_error *err);

#define GB_SECTION_NAME_SIZE 64
/* The section, of rows or of items, whose name is nearest to the first word of a key. returns false
 * where none is near */
bool gb_scenario_nearest_section(const struct gb_extensions *extensions, const char *key,
                                 char nearest[GB_SECTION_NAME_SIZE]);

/* Behind why nothing reads a key: what to do. */
#define GB_REMOVE_UNREAD "; nothing reads it beside that: remove it"
/* A diagnostic at a position, NULL: at the file, or nowhere. */
void gb_reading_report_at(struct gb_reading *reading, const struct gb_source_position *position,
                          const char *description);
/* A diagnostic at the place of `key`, or at the file (or nowhere) when it was not given. */
void gb_reading_report(struct gb_reading *reading, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What rows of the physics do not say of themselves. */
void gb_reading_check_physics(struct gb_reading *reading);
/* When all else has been checked. */
void gb_reading_check_money(struct gb_reading *reading);
/* The same about an item, at the place of its key (NULL: of none) or, where that was not given, at
 * its name: "households.farm: ..." or "households.farm.share: ...". */
/* The files of `series`, unless they were read before. */
void gb_reading_read_series(struct gb_reading *reading);
/* Sentences of a series that there is none of, and of one that has nothing for a day of the run. */
struct gb_measured;
struct gb_course;
void gb_series_describe_unknown(const struct gb_items *items, const char *name, char *why,
                                size_t size);
void gb_series_describe_uncovered(const struct gb_measured *measured,
                                  const struct gb_course *course,
                                  const struct gb_calendar *calendar, int64_t day, char *why,
                                  size_t size);
/* The lowest feed-in and the highest retail of anybody at any time. */
static inline const struct gb_tariff *gb_scenario_band(const struct gb_scenario *scenario)
{
    return scenario->tariffs ? &scenario->tariffs->widest : &scenario->market.tariff;
}
/* The tariffs of slots and kinds, where they differ; behind the files of `series`. */
void gb_reading_check_tariffs(struct gb_reading *reading);
/* What a kind of households says of retail or of feed-in itself; of what it does not give, no more
 * than its default. */
struct gb_household_prices {
    struct gb_price number;
    const char *times, *series;
    int64_t factor_millionths;
    struct gb_price addition;
};
struct gb_household_prices gb_household_prices(const struct gb_item *item, bool is_retail);
void gb_reading_report_item(struct gb_reading *reading, const struct gb_item *item, const char *key,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Was this key of an item given a value that is none? */
bool gb_reading_refuses_item(const struct gb_reading *reading, const struct gb_item *item,
                             const char *key);
/* Does this reading give the key a value (an empty one counts), and a right one? */
bool gb_reading_gives(const struct gb_reading *reading, const char *key);
/* Likewise, and by a setting, which goes over what the file says. */
bool gb_reading_sets(const struct gb_reading *reading, const char *key);
/* Leaves a setting out that nothing reads, as if it had not been given. returns false where such a
 * one is refused, or the position is none of a setting */
bool gb_reading_leave_out(struct gb_reading *reading, struct gb_source_position *position,
                          const char *why);
/* Likewise by the key. */
bool gb_reading_leave_out_key(struct gb_reading *reading, const char *key, const char *why);
/* Marks a key as refused: what is wrong with it was said elsewhere. */
void gb_reading_mark_invalid(struct gb_reading *reading, const char *key);
/* Was any of these keys (NULL-terminated) refused? Then a check between them says nothing. */
bool gb_reading_is_invalid(const struct gb_reading *reading, const char *const *keys);

/* Assigns what a file says, and what a setting ("key=value") does; reports what is wrong with it.
 */
struct gb_yaml;
void gb_reading_assign_file(struct gb_reading *reading, const struct gb_yaml *yaml);
void gb_reading_assign_setting(struct gb_reading *reading, const char *setting,
                               struct gb_setting_place place);
/* Gives a key a value; its options were selected before. false: why not */
bool gb_reading_store(struct gb_reading *reading, const struct gb_scenario_key *key,
                      const char *value, char *why, size_t why_size);
/* Gives keys the values of the presets that a file (NULL: none) and settings choose last, as if
 * they were defaults: none of them counts as given. GB_ENOMEM */
struct gb_yaml;
enum gb_status gb_reading_presets(struct gb_reading *reading, const struct gb_yaml *yaml,
                                  size_t n_settings, const char *const *settings,
                                  struct gb_error *err);
/* Reads the orders of orders.file or orders.inline into the scenario. */
enum gb_status gb_reading_orders(struct gb_reading *reading, struct gb_error *err);
/* Line of the first character that a stored scenario cannot hold, from 1; 0 if it can all. */
size_t gb_scenario_first_bad_line(const char *text, size_t length);
/* The key under which meters are listed, where they are. */
const char *gb_scenario_meters_key(const struct gb_scenario *scenario);
/* Finds the text of meters.file or meters.inline, which a file (NULL: none) and settings name last;
 * where there are no kinds of households, those that it names are made. Behind that, when keys have
 * their values, its rows are read; and when all follows from them, what is wrong with these. */
enum gb_status gb_reading_find_meters(struct gb_reading *reading, const struct gb_yaml *yaml,
                                      size_t n_settings, const char *const *settings,
                                      struct gb_error *err);
enum gb_status gb_reading_meters(struct gb_reading *reading, struct gb_error *err);
void gb_reading_check_meters(struct gb_reading *reading);
/* Makes all checks between keys and resolves what depends on other keys. */
void gb_reading_check(struct gb_reading *reading);

#endif
