/* What is taken from a file of measured series: which column is which quantity of the weather, and
 * what of readings below 0. */
#include "models/series/measured.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/text_file.h"

#define PATH "measured.csv"

static void expect_fault(const char *header, enum gb_weather_quantity quantity, const char *column,
                         const char *fault)
{
    const struct gb_measured_wish wish = {.name = "sky",
                                          .path = PATH,
                                          .options = {.label = GB_LABEL_START},
                                          .scale = 1,
                                          .digest = ""};
    struct gb_measured *measured = NULL;
    struct gb_error err = {0};
    char text[512];

    snprintf(text, sizeof text, "%s\n2024-01-01 00:00,1,2,3\n2024-01-01 01:00,1,2,3\n", header);
    write_text(PATH, text);
    if (EXPECT(gb_measured_read(&measured, &wish, &err) == GB_OK)) {
        const struct gb_measured_weather *source = &measured->weather[quantity];
        EXPECT_TEXT(source->column ? source->column : "", column);
        if (!EXPECT(strncmp(source->fault, fault, strlen(fault)) == 0))
            tap_note("%s", source->fault);
    } else {
        tap_note("%s", err.text);
    }
    gb_measured_free(measured);
    unlink(PATH);
}

static void a_column_is_told_by_its_unit_and_by_its_name_from_its_relatives(void)
{
    expect_fault("t,GHI (W/m2),DNI direct (W/m2),DHI diffuse (W/m2)", GB_IRRADIANCE, "GHI (W/m2)",
                 "");
    expect_fault("t,north (W/m2),south (W/m2),x (C)", GB_IRRADIANCE, "",
                 "several columns may be the global horizontal irradiance, in W/m2");
    expect_fault("t,north (W/m2),dew (C),outside (F)", GB_AIR_TEMPERATURE, "outside (F)", "");
    expect_fault("t,gust (m/s),wind (km/h),x (C)", GB_WIND_SPEED, "wind (km/h)", "");
    expect_fault("t,a (C),b (W/m2),x (W/m2)", GB_WIND_SPEED, "", "no column of wind speed, in m/s");
}

static void a_little_below_0_is_0_and_more_is_refused(void)
{
    const struct gb_measured_wish wish = {.name = "roof",
                                          .path = PATH,
                                          .options = {.label = GB_LABEL_START},
                                          .scale = 1,
                                          .digest = ""};
    struct gb_measured *measured = NULL;
    struct gb_error err = {0};

    write_text(PATH, "time,a (kW)\n2024-01-01 00:00,-0.02\n2024-01-01 01:00,2\n");
    EXPECT_INT(gb_measured_read(&measured, &wish, &err), GB_OK);
    if (measured)
        EXPECT_NEAR(gb_course_overall_w(&measured->courses[0]), 1000, 1e-9);
    gb_measured_free(measured);
    measured = NULL;
    write_text(PATH, "time,a (kW)\n2024-01-01 00:00,-0.021\n2024-01-01 01:00,2\n");
    EXPECT_INT(gb_measured_read(&measured, &wish, &err), GB_EINPUT);
    if (!EXPECT(strstr(err.text, ":2: a (kW) is below 0, and by more than 1 %")))
        tap_note("%s", err.text);
    gb_measured_free(measured);
    unlink(PATH);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_column_is_told_by_its_unit_and_by_its_name_from_its_relatives),
        TAP(a_little_below_0_is_0_and_more_is_refused),
        {0}};
    return tap_main("measured", tests);
}
