#include "tests/observed_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/date.h"
#include "base/quantity.h"
#include "base/text.h"
#include "tests/power_model.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"
#include "tests/text_file.h"

double observed_light[OBSERVED_MOST], observed_degrees[OBSERVED_MOST], observed_wind[OBSERVED_MOST];

const char *observed_path(void)
{
    static char path[64];

    snprintf(path, sizeof path, "observed.%ld.csv", (long)getpid());
    return path;
}

/* Days with clouds drawn for each step. */
void observed_write(const struct observed_writing *of)
{
    struct gb_text text;
    uint64_t state = 77;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time,global (W/m2),diffuse (W/m2),air (C),dew (C),wind (m/s),gust (m/s)", text.stream);
    for (int i = 0; i < of->n; i++) {
        char stamp[32];
        int64_t at_s = OBSERVED_START_S + (int64_t)i * of->step_s;
        double hour = fmod((double)i * of->step_s / 3600.0, 24);
        double sun = fmax(0, cos((hour + of->step_s / 7200.0 - 12.3) * M_PI / 12.6));
        double cloud = 0.2 + 0.8 * (double)(splitmix64(&state) % 1000) / 1000;
        bool is_other = i >= of->changed_from;
        observed_light[i] = round(10 * of->light * sun * cloud * (is_other ? 0.3 : 1)) / 10;
        observed_degrees[i] =
            of->degrees + (double)(splitmix64(&state) % 40) / 10 - 2 + (is_other ? 9 : 0);
        observed_wind[i] =
            of->wind + (double)(splitmix64(&state) % 40) / 10 - 2 + (is_other ? 4 : 0);
        observed_wind[i] = fmax(observed_wind[i], 0);
        gb_instant_format(at_s * GB_NS_PER_SECOND, stamp, sizeof stamp);
        fprintf(text.stream, "\n%s,%.1f,9,%.1f,1,%.1f,40", stamp, observed_light[i],
                observed_degrees[i], observed_wind[i]);
    }
    char *bytes = gb_text_close(&text);
    if (EXPECT(bytes))
        write_text(OBSERVED_PATH, bytes);
    free(bytes);
}

struct gb_library *observed_read(struct gb_measured_wish wish)
{
    struct gb_measured *measured = NULL;
    struct gb_library *library = NULL;
    struct gb_error err = {0};

    wish.name = "sky";
    wish.path = OBSERVED_PATH;
    wish.scale = 1;
    wish.digest = "";
    if (!EXPECT(gb_measured_read(&measured, &wish, &err) == GB_OK))
        tap_note("%s", err.text);
    unlink(OBSERVED_PATH);
    if (measured)
        EXPECT(gb_library_create(&library, &measured, 1, "", 0, NULL) == GB_OK);
    return library;
}

struct gb_library *observed_library(struct gb_physics_config *config, enum gb_series_align align)
{
    bool is_generic = align != GB_ALIGN_CALENDAR; /* else its format says the label */
    enum gb_series_label label = is_generic ? GB_LABEL_START : GB_LABEL_UNSAID;
    struct gb_library *library =
        observed_read((struct gb_measured_wish){.options = {.label = label}, .align = align});

    if (!library)
        return NULL;
    config->library = library;
    snprintf(config->weather.clouds.series, sizeof config->weather.clouds.series, "sky");
    snprintf(config->weather.wind.series, sizeof config->weather.wind.series, "sky");
    snprintf(config->weather.site.temperature_series,
             sizeof config->weather.site.temperature_series, "sky");
    return library;
}

struct gb_physics_config observed_config(int64_t slot_s)
{
    struct gb_physics_config config = default_physics();
    struct gb_site_config *site = &config.weather.site;

    config.weather.slot_ns = slot_s * GB_NS_PER_SECOND;
    gb_date_parse("2024-03-29", &config.weather.start_date);
    site->latitude_deg = 48.1;
    site->longitude_deg = 11.6;
    snprintf(site->time_zone, sizeof site->time_zone, "CET-1CEST,M3.5.0,M10.5.0/3");
    return config;
}
