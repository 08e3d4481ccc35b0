/* The forms that fix their own table: NEM12 of Australian meters, EPW and TMY3 weather, PVGIS,
 * NSRDB. Each is known by its first line. */
#ifndef MODELS_SERIES_FORMS_H
#define MODELS_SERIES_FORMS_H

#include "models/series/rows.h"

/* The form of a text: a generic one is GB_FORM_WIDE until its layout is known. */
enum gb_series_form gb_form_of(struct gb_span text);

/* NEM12: `200` records name a meter, its register, unit and step, `300` records hold a day; starts
 * of intervals, UTC+10 all the year. Names each meter NMI/register.
 * source  AEMO, Meter data file format specification NEM12 & NEM13 */
enum gb_status gb_nem12_read(struct gb_rows *rows, struct gb_series *series, struct gb_span text,
                             const char *file, struct gb_error *err);

/* EPW: eight lines of header, then hours counted 1 to 24 by their ends, on standard time.
 * names, units  out: of its columns, static
 * source  EnergyPlus, Auxiliary programs: EnergyPlus weather file data dictionary */
enum gb_status gb_epw_read(struct gb_rows *rows, struct gb_series *series,
                           const char *const **names, const struct gb_unit **units,
                           struct gb_span text, const char *file, struct gb_error *err);
enum { GB_EPW_COLUMNS = 14 };

/* The zone of a TMY3 file, from its first line. */
enum gb_status gb_tmy3_zone(struct gb_zone *out, struct gb_span text, const char *file,
                            struct gb_error *err);

/* Is a PVGIS text a typical year, of months of several years? */
bool gb_pvgis_is_typical(struct gb_span text);
/* How much later than its stamp the irradiance of a PVGIS text is, in whole seconds: the line
 * "Irradiance Time Offset (h): 0.1761" of its first ones, without it 0. Its values are those of a
 * moment, seen by a satellite, or means about one, and stamps of hours that have minutes are that
 * moment (PVGIS user manual, European Commission JRC). GB_EINPUT beyond an hour. */
enum gb_status gb_pvgis_offset(int64_t *seconds, struct gb_span text, const char *file,
                               struct gb_error *err);
/* The unit of a column of PVGIS; NULL of a name that it does not have. */
const struct gb_unit *gb_pvgis_unit(struct gb_span name);

/* NSRDB (NREL) and SAM: what stands under a name of the first line, in the second.
 * source  NREL, NSRDB, PSM3 data in CSV; SAM, weather file formats */
bool gb_nsrdb_is(struct gb_span text);
bool gb_nsrdb_number(struct gb_span text, const char *name, double *out);
/* The clock of its stamps. */
enum gb_status gb_nsrdb_zone(struct gb_zone *out, struct gb_span text, const char *file,
                             struct gb_error *err);
/* The unit of a column: as the first lines say, else as all such files have it; of codes a plain
 * number. */
const struct gb_unit *gb_nsrdb_unit(struct gb_span text, struct gb_span name);

/* Puts a time of any year into 2001, which has no 29 February. */
int64_t gb_typical_time(int64_t time_s);

#endif
