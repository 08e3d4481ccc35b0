/* Series in published formats, made after their descriptions: NEM12, TMY3, EPW and PVGIS say their
 * labels, units and clocks themselves. */
#include "models/series/series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "models/series/place.h"
#include "tests/series_text.h"
#include "tests/tap.h"

static void nem12_says_all_by_itself(void)
{
    static const char head[] = "100,NEM12,201412161532,X,Y\r\n"
                               "200,4100,E1,001,E1,N1,1,KWH,720,\r\n"
                               "300,20140402,1.5,2,A,,,20140403,\r\n"
                               "300,20140401,0.25,0.5,A,,,20140402,\r\n"
                               "500,O,S1,20140402,100\r\n"
                               "200,4100,B1,002,B1,N1,1,WH,720,\r\n"
                               "300,20140401,7,8,A,,,20140402,\r\n"
                               "900\r\n";
    const struct gb_series_options none = {0}, end = {.label = GB_LABEL_END};
    struct gb_series *series = series_read_text(head, &none);

    if (!series)
        return;
    EXPECT(!series->label_unsaid);
    if (EXPECT_INT(series->n_channels, 2)) {
        EXPECT_TEXT(series->channels[0].name, "4100/E1");
        EXPECT_INT(series->channels[0].start_s, series_instant("2014-04-01T00:00+10:00"));
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 4250);
        EXPECT_INT(series_total(series, 1, GB_GAPS_REFUSE), 15);
    }
    gb_series_free(series);
    series_expect_refused(head, &end, "labels by the start");
    series_expect_refused("100,NEM12,1,X,Y\n300,20140401,1\n", &none, "'test':2: a 200 record");
    series_expect_refused("100,NEM12,1,X,Y\n200,4,E1,1,E1,N,1,KWH,720,\n300,20140401,1\n", &none,
                          "'test':3: a 300 record has a date and 2 values, not 3 cells");
}

/* In thousandths of a degree, metres and hours, -99: not said. */
static void expect_place(const struct gb_place *place, long latitude, long longitude, long altitude,
                         long utc_offset)
{
    EXPECT(place->is_known);
    EXPECT_INT(lround(place->latitude_deg * 1000), latitude);
    EXPECT_INT(lround(place->longitude_deg * 1000), longitude);
    EXPECT_INT(lround(place->altitude_m), altitude);
    EXPECT_INT(isnan(place->utc_offset_h) ? -99 : lround(place->utc_offset_h), utc_offset);
}

/* A degree of a meridian is 111.19 km, and the poles lie half round the earth from each other. */
static void distances_are_along_great_circles(void)
{
    const struct gb_place munich = {
        .is_known = true, .latitude_deg = 48.14, .longitude_deg = 11.58};
    struct gb_place other = munich,
                    back = {.is_known = true, .latitude_deg = -48.14, .longitude_deg = 11.58 - 180};

    EXPECT_INT(lround(gb_place_distance_km(&munich, &other)), 0);
    other.latitude_deg += 1;
    EXPECT_INT(lround(1000 * gb_place_distance_km(&munich, &other)), 111195);
    EXPECT_INT(lround(gb_place_distance_km(&munich, &back)), 20015);
}

/* One station, hours by their ends on standard time. */
static void tmy3_is_a_typical_year_on_standard_time(void)
{
    const struct gb_series_options none = {0};
    struct gb_series *series = series_read_text(
        "123456,\"SMALL TOWN\",XX,-6.0,41.983,-87.917,205\n"
        "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),GHI source,Dry-bulb (C),Wspd (m/s)\n"
        "01/31/1988,23:00,0,1,-9.4,5.2\n01/31/1988,24:00,100,1,-10.0,4.8\n"
        "02/01/1993,01:00,200,1,-10.6,-9999\n",
        &none);

    if (!series)
        return;
    EXPECT_INT(series->form, GB_FORM_TMY3);
    EXPECT(!gb_series_needs_zone(series));
    EXPECT_TEXT(series->zone.text, "<-06>+6");
    expect_place(&series->place, 41983, -87917, 205, -6);
    EXPECT_INT(series->channels[0].start_s, series_instant("2001-01-31T22:00-06:00"));
    EXPECT_INT(series->channels[0].n, 3);
    EXPECT_INT(series->channels[0].n_absent, 0);
    EXPECT_INT(series->channels[0].values[2], 200 * GB_NANO);
    EXPECT_INT(series->channels[series->n_channels - 1].n_void, 1);
    for (size_t k = 0; k < series->n_channels; k++) { /* codes of sources, too, need no saying */
        char unsaid[256];
        EXPECT(!gb_series_is_unsaid(series, &series->channels[k], unsaid, sizeof unsaid));
    }
    gb_series_free(series);
}

static void epw_is_a_typical_year_on_standard_time(void)
{
    const struct gb_series_options none = {0};
    struct gb_text text;
    struct gb_series *series = NULL;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("LOCATION,Small Town,XX,XXX,TMY3,123456,48.13,11.70,1.0,529.0\n"
          "DESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\n"
          "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,none\nCOMMENTS 2,none\n"
          "DATA PERIODS,1,1,Data,Sunday,1/1,12/31\n",
          text.stream);
    for (int hour = 1; hour <= 24; hour++)
        fprintf(text.stream,
                "%d,12,31,%d,60,?9?9,%d.5,0,80,101300,0,0,300,%d,9999,0,999900,0,0,0,250,3.1\n",
                1990 + hour % 2, hour, hour, 10 * hour);
    char *bytes = gb_text_close(&text);
    if (bytes)
        series = series_read_text(bytes, &none);
    if (series) {
        EXPECT(!gb_series_needs_zone(series));
        EXPECT_INT(series->channels[0].start_s, series_instant("2001-12-31T00:00+01:00"));
        expect_place(&series->place, 48130, 11700, 529, 1);
        EXPECT_INT(series->channels[0].n, 24);
        EXPECT_INT(series->channels[0].values[0], 3 * GB_NANO / 2);
        EXPECT_TEXT(series->channels[7].name, "GHI");
        EXPECT_INT(series->channels[7].values[23], 240 * GB_NANO);
        EXPECT_INT(series->channels[8].n_void, 24); /* 9999 W/m2 is nothing measured */
    }
    gb_series_free(series);
    free(bytes);
}

/* A value of PVGIS is that of a moment, which is the middle of its hour: 00:10 stands for 23:40 to
 * 00:40; of a typical year the light of 00:00 is that of 0.1761 h = 634 s later, the air is not. */
static void stamps_of_pvgis_are_the_middle_of_an_hour(void)
{
    static const char typical[] =
        "Latitude (decimal degrees): 45\nLongitude (decimal degrees):\t8.000\n"
        "Elevation (m): 250.0\nIrradiance Time Offset (h): 0.1761\n"
        "month,year\n1,2018\n\ntime(UTC),T2m,G(h),IR(h)\n"
        "20180101:0000,2,0,250\n20180101:0100,1,5,260\n\nT2m: x\n";
    static const char hours[] = "Latitude (decimal degrees):\t45\nRadiation database:\tX\n\n"
                                "time,P,G(i)\n20160101:0010,3,0\n20160101:0110,4,5\n";
    const struct gb_series_options options = {.label = GB_LABEL_UNSAID};
    const struct gb_series_options starts = {.label = GB_LABEL_START};
    const int64_t new_year_2001 = 978307200, new_year_2016 = 1451606400;
    struct gb_series *series = series_read_text(typical, &options);

    if (EXPECT(series != NULL)) {
        EXPECT(!gb_series_needs_zone(series));
        EXPECT_INT(series->label, GB_LABEL_MIDDLE);
        EXPECT_INT(series->channels[0].start_s, new_year_2001 - 1800);
        expect_place(&series->place, 45000, 8000, 250, -99); /* all of PVGIS is in UTC */
        EXPECT_INT(series->channels[1].start_s, new_year_2001 - 1800 + 634);
        EXPECT_INT(series->channels[2].start_s, new_year_2001 - 1800);
    }
    gb_series_free(series);
    series = series_read_text(hours, &options);
    if (EXPECT(series != NULL)) {
        EXPECT_INT(series->channels[0].start_s, new_year_2016 + 600 - 1800);
        EXPECT_INT(series->channels[1].start_s, new_year_2016 + 600 - 1800);
    }
    gb_series_free(series);
    series_expect_refused(hours, &starts, "labels by the middle");
    series_expect_refused("Latitude (decimal degrees): 45\nIrradiance Time Offset (h): 14\n"
                          "time,P\n20160101:0010,3\n20160101:0110,4\n",
                          &options,
                          "'test':2: the offset of irradiance is hours from -1 to 1, not '14'");
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(nem12_says_all_by_itself),
                                            TAP(tmy3_is_a_typical_year_on_standard_time),
                                            TAP(epw_is_a_typical_year_on_standard_time),
                                            TAP(distances_are_along_great_circles),
                                            TAP(stamps_of_pvgis_are_the_middle_of_an_hour),
                                            {0}};
    return tap_main("series_formats", tests);
}
