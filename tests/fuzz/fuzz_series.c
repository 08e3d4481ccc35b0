/* Measured series: what is read lies on its grid, and its energy in windows adds up to its sum. The
 * first two bytes of the input choose the options. */
#include <string.h>

#include "models/series/flow.h"
#include "models/series/series.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_WINDOWS = 96 };

static struct gb_series_options options_of(uint8_t first, uint8_t second)
{
    static const char *const zones[] = {"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3",
                                        "AEST-10AEDT,M10.1.0,M4.1.0/3", "<-02>2"};
    struct gb_series_options options = {
        .value = (enum gb_series_value)((first & 7) % 5),
        .label = (enum gb_series_label)(first >> 3 & 3),
        .gaps = (enum gb_series_gaps)((first >> 5 & 3) % 3),
        .date = (enum gb_date_order)((second & 3) % 3),
        .unit = second & 4 ? gb_unit_named(second & 8 ? "kWh" : "W", second & 8 ? 3 : 1) : NULL,
        .has_zone = second & 16,
        .id = second & 128 ? first & 128 ? "1,2" : "1" : NULL,
        .issued = (second & 3) == 3 ? "2" : NULL,
    };

    if ((first & 7) > 5)
        options.date = first & 1 ? GB_DATE_SERIAL : GB_DATE_SERIAL_1904;
    else if ((first & 7) == 5)
        options.time = "1,2,3,4";
    FUZZ_HOLDS(gb_zone_parse(zones[second >> 5 & 3], &options.zone, NULL) == GB_OK);
    return options;
}

static void check_flow(const struct gb_series *series, const struct gb_channel *channel,
                       enum gb_series_gaps gaps)
{
    static int64_t wh[MOST_WINDOWS];
    enum gb_status status;
    int64_t total, sum = 0, span_s = (int64_t)(channel->n + 1) * channel->step_s;
    int64_t window_s = span_s / (MOST_WINDOWS - 1) + 1;
    struct gb_series_flow flow;

    FUZZ_HOLDS(gb_series_flow_make(&flow, channel, series, gaps, NULL) == GB_OK);
    if (gb_series_flow_total(&flow, &total, NULL) == GB_OK) {
        status = gb_series_flow_cut(&flow, channel->start_s, window_s, MOST_WINDOWS, wh, NULL);
        FUZZ_HOLDS(status == GB_OK || status == GB_ERANGE); /* gains and losses of a window */
        for (size_t i = 0; status == GB_OK && i < MOST_WINDOWS; i++)
            sum += wh[i];
        FUZZ_HOLDS(status != GB_OK || sum == total);
    }
    gb_series_flow_clear(&flow);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct gb_series *series = NULL;
    struct gb_error err = {0};
    char unsaid[512];

    if (n < 2)
        return 0;
    struct gb_series_options options = options_of(bytes[0], bytes[1]);
    char *text = fuzz_text(bytes + 2, n - 2);
    enum gb_status status = gb_series_parse(&series, text, n - 2, "fuzz", &options, &err);
    FUZZ_HOLDS((status == GB_OK) == (err.text[0] == '\0'));
    for (size_t i = 0; status == GB_OK && i < series->n_channels; i++) {
        const struct gb_channel *channel = &series->channels[i];
        FUZZ_HOLDS(channel->n > 0 && channel->step_s > 0 && channel->n_absent < channel->n);
        gb_series_is_unsaid(series, channel, unsaid, sizeof unsaid);
        if (channel->unit && channel->unit->kind <= GB_UNIT_ENERGY)
            check_flow(series, channel, options.gaps);
    }
    if (status == GB_OK)
        gb_series_free(series);
    free(text);
    return 0;
}

void fuzz_make_seeds(void)
{
    static const char wide[] = "  \xff\xfet\0,\0W\0\n\0"
                               "1\0:\0"
                               "0\0"
                               "0\0,\0"
                               "5\0\n\0"
                               "2\0:\0"
                               "0\0"
                               "0\0,\0"
                               "6\0\n\0";

    fuzz_seed_text("  time;kWh\n31.03.2024 00:00;1,5\n31.03.2024 01:00;NA\n31.03.2024 03:00;2\n");
    fuzz_seed_text(
        "(0id,time,kW\na,2024-10-27T02:00,1\na,2024-10-27T02:30,2\nb,2024-10-27T02:00,1\n"
        "b,2024-10-27T02:00,3\nb,2024-10-27T02:30,4\nb,2024-10-27T02:30,5\n");
    fuzz_seed_text(
        "(\x03id,made,time,kW\na,2024-10-27T02:00,2024-10-27T03:00Z,1\n"
        "a,2024-10-27T02:30,2024-10-27T03:00Z,2\nb,2024-10-27T02:00,2024-10-27T04:00Z,1\n");
    fuzz_seed_text("(0\"a \"\"b\"\"\",time,\"kW\"\n\"x \"\"y\"\"\",2024-10-27T02:00,\"1\"\n"
                   "\"x \"\"y\"\"\",2024-10-27T02:30,2\n");
    fuzz_seed_text("0  INTERVAL;POWER(W)\n00:00;10\n12:00;20\n");
    fuzz_seed_text("  t,W\n1700000000,1\n1700000900,2\n1700001800,-9999\n");
    fuzz_seed_text("\x04 t,kWh\n20240101:0000,10\n20240101:0100,12\n20240101:0300,11\n");
    fuzz_seed_text("  100,NEM12,1,X,Y\n200,4,E1,1,E1,N,1,KWH,720,\n300,20140402,1.5,2,A,,,1,\n"
                   "500,O\n900\n");
    fuzz_seed_text(
        "  1,\"X\",XX,-6.0,41.983,-87.917,205\nDate (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2)"
        "\n01/31/1988,23:00,0\n01/31/1988,24:00,100\n02/01/1993,01:00,200\n");
    fuzz_seed_text("  LOCATION,T,X,X,T,1,48,11,1.0,529\nD\nT\nG\nH\nC\nC\nD\n"
                   "1990,12,31,1,60,?,1,0,80,101300,0,0,300,1,9999,0,9,0,0,0,2,3.1\n"
                   "1990,12,31,2,60,?,1,0,80,101300,0,0,300,1,9999,0,9,0,0,0,2,3.1\n");
    fuzz_seed_text("  Latitude (decimal degrees):\t45\nmonth,year\n1,2018\n\ntime(UTC),T2m,G(h),P\n"
                   "20180101:0000,2,0,1\n20180101:0100,1,5,2\n\nT2m: x\n");
    fuzz_seed_text(
        "  day;00:00;01:00;02:00;03:00;04:00;05:00;06:00;07:00;08:00;09:00;10:00;11:00;12:00;"
        "13:00;14:00;15:00;16:00;17:00;18:00;19:00;20:00;21:00;22:00;23:00\n"
        "31/03/2024;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24\n"
        "01/04/2024;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24\n");
    fuzz_seed_text("  Year,Month,Day,Hour,Minute,kWh\n2024,3,31,0,30,1\n2024,3,31,1,30,2\n");
    fuzz_seed_text("0 Fecha;Hora;kWh\n27/10/2024;1;1,0\n27/10/2024;24;2\n27/10/2024;25;3\n"
                   "28/10/2024;1;1\n");
    fuzz_seed_text("  Jahr;DOY;hhmm;W\n2024;61;30;1\n2024;61;100;2\n2024;61;130;4\n");
    fuzz_seed_text("  Month,Day,Hour,W\n1,1,0.5,1\n1,1,1.5,2\n1,1,2.5,4\n");
    fuzz_seed_text("  Time,kWh\n45292,1\n45292.0104166667,2\n45292.0208333333,4\n");
    fuzz_seed_text("\x18 Source,Latitude,Longitude,Time Zone,GHI Units\nX,39.7,-105.1,-7,w/m2\n"
                   "Year,Month,Day,Hour,GHI\n2020,3,1,1,5\n2020,3,1,2,6\n2020,3,1,24,7\n");
    fuzz_seed_text("' day;kWh\n45292;1\n45292,0104166667;2\n45292,0208333333;4\n");
    fuzz_seed_text("% 2024,3,1,0,5\n2024,3,1,1,6\n2024,3,1,2,7\n");
    fuzz_seed(wide, sizeof wide - 1);
}
