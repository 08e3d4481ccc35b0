/* Which meter a row is of, where several columns say it together. */
#include "tests/series_text.h"
#include "tests/tap.h"

static const struct gb_series_options pair = {.label = GB_LABEL_START, .id = "house,circuit"};

static void several_columns_name_a_meter_together(void)
{
    struct gb_series *series = series_read_text("house,circuit,time,kWh\n"
                                                "12,main,2024-03-01 00:00,1\n"
                                                "12,pump,2024-03-01 00:00,2\n"
                                                "13,main,2024-03-01 00:00,4\n"
                                                "12,main,2024-03-01 01:00,8\n"
                                                "12,pump,2024-03-01 01:00,16\n"
                                                "13,main,2024-03-01 01:00,32\n",
                                                &pair);

    if (!series || !EXPECT_INT(series->n_channels, 3))
        return;
    EXPECT_INT(series->form, GB_FORM_LONG);
    EXPECT_TEXT(series->channels[0].name, "12/main / kWh");
    EXPECT_TEXT(series->channels[1].name, "12/pump / kWh");
    EXPECT_TEXT(series->channels[2].name, "13/main / kWh");
    EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 9000);
    EXPECT_INT(series_total(series, 1, GB_GAPS_REFUSE), 18000);
    EXPECT_INT(series_total(series, 2, GB_GAPS_REFUSE), 36000);
    gb_series_free(series);
}

/* Names that look alike once they are joined, and quotes within them. */
static void the_joined_name_mixes_no_two_meters(void)
{
    struct gb_series *series = series_read_text("house,circuit,time,kWh\n"
                                                "a/b,c,2024-03-01 00:00,1\n"
                                                "a,b/c,2024-03-01 02:00,2\n"
                                                "a/b,c,2024-03-01 01:00,4\n"
                                                "a,b/c,2024-03-01 03:00,8\n"
                                                ",\"the \"\"flat\"\"\",2024-03-01 03:00,16\n"
                                                ",\"the \"\"flat\"\"\",2024-03-01 04:00,32\n",
                                                &pair);

    if (!series || !EXPECT_INT(series->n_channels, 3))
        return;
    EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 5000);
    EXPECT_INT(series_total(series, 1, GB_GAPS_REFUSE), 10000);
    EXPECT_TEXT(series->channels[2].name, "/the \"flat\" / kWh");
    gb_series_free(series);
}

static void columns_that_are_not_there_or_stand_twice_are_refused(void)
{
    static const char text[] = "house,circuit,time,kWh\n12,main,2024-03-01 00:00,1\n"
                               "12,main,2024-03-01 01:00,1\n";
    struct gb_series_options options = pair;

    options.id = "house,room";
    series_expect_refused(text, &options, "has no column 'room': it has house, circuit, time, kWh");
    options.id = "house,1";
    series_expect_refused(text, &options,
                          "'house,1' names a meter by up to 4 columns, each of them");
}

static void what_stands_twice_is_told_with_its_meter(void)
{
    static const char text[] = "house,circuit,time,kWh\n12,main,2024-03-01 00:00,1\n"
                               "12,pump,2024-03-01 00:00,1\n12,main,2024-03-01 01:00,1\n"
                               "12,main,2024-03-01 01:00,1\n12,pump,2024-03-01 01:00,1\n";
    struct gb_series_options options = pair;

    series_expect_refused(text, &options,
                          "'test':5: 2024-03-01T01:00:00 stands already in line 4, of meter "
                          "'12/main'");
    options.id = "house";
    series_expect_refused(text, &options,
                          "of meter '12', and no end of summer time of zone UTC0 explains it: does "
                          "another column name the meter, too (--id A,B)");
}

static void a_name_with_a_comma_is_one_column(void)
{
    struct gb_series_options options = {.label = GB_LABEL_START, .id = "house, flat"};
    struct gb_series *series = series_read_text("\"house, flat\";time;kWh\n1;2024-03-01 00:00;1\n"
                                                "1;2024-03-01 01:00;2\n2;2024-03-01 00:00;4\n"
                                                "2;2024-03-01 01:00;8\n",
                                                &options);

    if (series && EXPECT_INT(series->n_channels, 2))
        EXPECT_INT(series_total(series, 1, GB_GAPS_REFUSE), 12000);
    gb_series_free(series);
}

/* Forecasts of meters that two columns name. */
static void forecasts_have_such_meters_too(void)
{
    struct gb_series_options options = pair;

    options.issued = "made";
    options.has_zone = true;
    options.zone = GB_ZONE_UTC;
    struct gb_series *series = series_read_text("house,circuit,made,time,kWh\n"
                                                "12,main,2024-02-29 12:00,2024-03-01 00:00,1\n"
                                                "12,main,2024-02-29 12:00,2024-03-01 01:00,2\n"
                                                "12,pump,2024-02-29 12:00,2024-03-01 00:00,4\n"
                                                "12,pump,2024-02-29 12:00,2024-03-01 01:00,8\n"
                                                "12,main,2024-02-29 18:00,2024-03-01 00:00,16\n"
                                                "12,main,2024-02-29 18:00,2024-03-01 01:00,32\n",
                                                &options);

    if (!series || !EXPECT_INT(series->n_channels, 3))
        return;
    EXPECT_TEXT(series->channels[1].name, "12/pump / kWh");
    EXPECT_INT(series->channels[2].issued_s, series_instant("2024-02-29T18:00"));
    EXPECT_INT(series_total(series, 2, GB_GAPS_REFUSE), 48000);
    gb_series_free(series);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(several_columns_name_a_meter_together),
        TAP(the_joined_name_mixes_no_two_meters),
        TAP(columns_that_are_not_there_or_stand_twice_are_refused),
        TAP(what_stands_twice_is_told_with_its_meter),
        TAP(a_name_with_a_comma_is_one_column),
        TAP(forecasts_have_such_meters_too),
        {0}};
    return tap_main("series_meters", tests);
}
