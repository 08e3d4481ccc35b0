/* Meters that a file lists one by one: what a row says goes before its kind, whose draws are whose,
 * and what is stored. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/scenario/scenario.h"
#include "models/assets/fleet.h"
#include "models/assets/kinds.h"
#include "models/assets/listed.h"
#include "models/assets/realisation.h"
#include "tests/meters_beside.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/tap.h"
#include "tests/text_file.h"
#include "tests/village_runs.h"

#define PATH "test_meters_file.yaml"
#define TABLE "test_meters_file.csv"
#define LISTED METERS_HEAD "meters.file: " TABLE "\n"

static const struct beside_files files = {PATH, TABLE};

/* ---- connections and places */

/* Rows of /meters of one meter that differ in what passes its meter. */
static size_t n_apart_of(const struct gb_record *a, const struct gb_record *b, uint32_t meter)
{
    const struct gb_meter_row *x = gb_record_rows(a, GB_TABLE_METERS);
    const struct gb_meter_row *y = gb_record_rows(b, GB_TABLE_METERS);
    size_t n = 0;

    for (size_t i = 0; i < gb_record_n_rows(a, GB_TABLE_METERS); i++)
        n += x[i].meter == meter &&
             (x[i].metered_wh != y[i].metered_wh || x[i].curtailed_wh != y[i].curtailed_wh ||
              x[i].stored_wh != y[i].stored_wh || x[i].baseline_wh != y[i].baseline_wh);
    return n;
}

/* Of two farms with batteries one has a connection of 1.5 kW: it does as where its kind has that,
 * the other as where nobody has. */
static void a_connection_is_of_its_meter_alone(void)
{
    static const char kinds[] = LISTED "households: {farm: {pv: {size: 15}, storage: {}%s}}\n";
    static const char both[] = "name,kind\nfarm 1,farm\nfarm 2,farm\n";
    char limited[512], open[512];

    snprintf(limited, sizeof limited, kinds, ", connection: 1.5");
    snprintf(open, sizeof open, kinds, "");
    struct gb_record *one =
        run_beside(&files, "name,kind,connection\nfarm 1,farm,1.5\nfarm 2,farm,\n", open);
    struct gb_record *all = run_beside(&files, both, limited),
                     *none = run_beside(&files, both, open);
    if (EXPECT(one && all && none)) {
        EXPECT_INT((int64_t)n_apart_of(one, all, 0), 0);
        EXPECT_INT((int64_t)n_apart_of(one, none, 1), 0);
        EXPECT(n_apart_of(one, none, 0) > 5 && n_apart_of(one, all, 1) > 5);
    }
    gb_record_free(one);
    gb_record_free(all);
    gb_record_free(none);
}

/* About 48 degrees north and 11 east: 0.001 degree of latitude is 6371008.8 pi / 180 / 1000 =
 * 111.1951 m, of longitude that times cos 48 = .6691306, 74.4040 m. */
static void degrees_are_metres_from_their_middle(void)
{
    struct gb_scenario *s =
        good_beside(&files, "name,lat,lon\na,48.001,10.998\nb,47.999,11.002\nc,,\n", LISTED);

    if (s) {
        EXPECT_NEAR(s->listed.meters[0].north_m, 111.1951, 1e-4);
        EXPECT_NEAR(s->listed.meters[0].east_m, -148.8080, 2e-4);
        EXPECT_NEAR(s->listed.meters[1].north_m, -111.1951, 1e-4);
        EXPECT_NEAR(s->listed.meters[1].east_m, 148.8080, 2e-4);
        EXPECT(isnan(s->listed.meters[2].east_m) && isnan(s->listed.meters[2].north_m));
    }
    gb_scenario_free(s);
}

/* ---- values */

/* A German spreadsheet: a byte order mark, semicolons, decimal commas, CRLF, columns in an order of
 * its own. Kinds stand by name: farm, flat, terrace; rows of one kind in the order of the file. */
static void a_row_goes_before_its_kind(void)
{
    static const char table[] =
        "\xef\xbb\xbf# surveyed in May\r\n"
        "kind;pv_kW;name;tilt;azimuth;shading;turbine_kw;battery_kwh;battery_kw;yearly_kwh;y;x\r\n"
        "terrace;5,25;Mill Lane 2;35;190;0,125;;;;4.200,5;40;-120,5\r\n"
        "flat;;Mill Lane 1;;;;;;;;;\r\n"
        "terrace;0;Mill Lane 4;;;;;6,4;2,5;;;\r\n"
        "farm;;Hof;;;;3;0;;;;\r\n";
    struct gb_scenario *s = good_beside(
        &files, table,
        LISTED "households:\n  flat: {load: {yearly: 2200}}\n  terrace: {pv: {size: 8, tilt: "
               "20, azimuth: 100}}\n  farm: {storage: {capacity: 10}, pv: {size: 25}}\n");
    struct gb_fleet *fleet = fleet_of(s);
    const struct gb_plane plane = gb_plane_from(35, 190);

    EXPECT_INT((int64_t)fleet->n, 4);
    EXPECT_TEXT(s->listed.meters[0].name, "Hof");
    EXPECT_TEXT(s->listed.meters[1].name, "Mill Lane 1");
    EXPECT_TEXT(s->listed.meters[2].name, "Mill Lane 2");
    EXPECT_TEXT(s->listed.meters[3].name, "Mill Lane 4");
    EXPECT_INT((int64_t)fleet->systems.n, 2); /* of the farm, as its kind says, and of No 2 */
    EXPECT_INT(fleet->systems.meter[0], 0);
    EXPECT_NEAR(fleet->systems.kwp[0], 25, 0);
    EXPECT_NEAR(fleet->systems.clear[0], 1, 0);
    EXPECT_INT(fleet->systems.meter[1], 2);
    EXPECT_NEAR(fleet->systems.kwp[1], 5.25, 0);
    EXPECT_NEAR(fleet->systems.clear[1], 0.875, 0);
    EXPECT_NEAR(fleet->systems.plane[1].normal.east, plane.normal.east, 0);
    EXPECT_NEAR(fleet->systems.plane[1].normal.up, plane.normal.up, 0);
    EXPECT_INT((int64_t)fleet->turbines.n, 1);
    EXPECT_INT(fleet->turbines.meter[0], 0);
    EXPECT_NEAR(fleet->turbines.kw[0], 3, 0);
    EXPECT_INT((int64_t)fleet->batteries.n, 1); /* 0: the farm has none, though its kind has */
    EXPECT_INT(fleet->batteries.meter[0], 3);
    EXPECT_NEAR(fleet->batteries.kwh[0], 6.4, 0);
    EXPECT_NEAR(fleet->batteries.kw[0], 2.5, 0);
    EXPECT_NEAR(fleet->load_scale_w[1] * 8.76, 2200, 1e-9);
    EXPECT_NEAR(fleet->load_scale_w[2], 1000 * (4200.5 / 8760), 0);
    EXPECT_NEAR(s->listed.meters[2].east_m, -120.5, 0);
    EXPECT_NEAR(s->listed.meters[2].north_m, 40, 0);
    gb_fleet_free(fleet);
    gb_scenario_free(s);
}

static void users_are_called_by_the_names_of_the_file(void)
{
    struct gb_record *record =
        run_beside(&files,
                   "id,kind,pv_kw,battery_kwh,yearly_kwh\n"
                   "\"Zur \"\"Post\"\", Hof\",farm,25.5,10,9000\nA 7,flat,,,2200\n",
                   LISTED);
    const struct gb_user_row *users = record ? gb_record_rows(record, GB_TABLE_USERS) : NULL;

    if (EXPECT(users && gb_record_n_rows(record, GB_TABLE_USERS) == 2)) {
        EXPECT_TEXT(users[0].name, "Zur \"Post\", Hof");
        EXPECT_TEXT(users[0].kind, "farm");
        EXPECT_NEAR(users[0].pv_kw, 25.5, 0);
        EXPECT_NEAR(users[0].battery_kwh, 10, 0);
        EXPECT_NEAR(users[0].yearly_kwh, 9000, 1e-9);
        EXPECT_TEXT(users[1].name, "A 7");
        EXPECT_TEXT(users[1].kind, "flat");
        EXPECT_NEAR(users[1].pv_kw, 0, 0);
    }
    gb_record_free(record);
}

/* Half the light is half the energy of a morning, but for a few percent: cells stay cooler, and
 * inverters have a part of their losses at any power. */
static void shade_takes_its_share_of_the_light(void)
{
    struct gb_record *bright = run_beside(&files, "name,pv_kw\na,5\n", LISTED);
    struct gb_record *shaded = run_beside(&files, "name,pv_kw,shading\na,5,0.5\n", LISTED);
    struct gb_record *dark = run_beside(&files, "name,pv_kw,shading\na,5,1\n", LISTED);
    const struct gb_user_row *a = gb_record_rows(bright, GB_TABLE_USERS);
    const struct gb_user_row *b = gb_record_rows(shaded, GB_TABLE_USERS);
    const struct gb_user_row *c = gb_record_rows(dark, GB_TABLE_USERS);

    EXPECT(a->generation_wh > 1000);
    EXPECT_NEAR((double)b->generation_wh / (double)a->generation_wh, 0.5, 0.03);
    EXPECT_INT(c->generation_wh, 0);
    EXPECT_INT(b->load_wh, a->load_wh);
    gb_record_free(bright);
    gb_record_free(shaded);
    gb_record_free(dark);
}

/* A row goes before its kind here, too; a kind before the scenario. */
static void a_kind_has_shade_as_a_row_has(void)
{
    static const char kind[] = LISTED "pv.shading: 0.9\nhouseholds: {home: {pv: {shading: 0.5}}}\n";
    struct gb_record *bright = run_beside(&files, "name,kind,pv_kw\na,home,5\n", LISTED);
    struct gb_record *shaded = run_beside(&files, "name,pv_kw,shading\na,5,0.5\n", LISTED);
    struct gb_record *by_kind = run_beside(&files, "name,kind,pv_kw\na,home,5\n", kind);
    struct gb_record *by_row = run_beside(&files, "name,kind,pv_kw,shading\na,home,5,0\n", kind);
    struct gb_record *by_all = run_beside(&files, "name,pv_kw\na,5\n", LISTED "pv.shading: 0.5\n");

    if (EXPECT(bright && shaded && by_kind && by_row && by_all)) {
        EXPECT(!records_are_equal(bright, shaded));
        EXPECT(records_are_equal(by_kind, shaded));
        EXPECT(records_are_equal(by_row, bright));
        EXPECT(records_are_equal(by_all, shaded));
    }
    gb_record_free(bright);
    gb_record_free(shaded);
    gb_record_free(by_kind);
    gb_record_free(by_row);
    gb_record_free(by_all);
}

/* ---- whose draws */

#define KINDS_OF_THREE                                                                       \
    "  flat: {%sload: {yearly: 2200}}\n  terrace: {%sload: {yearly: 4200}, pv: {size: 5}}\n" \
    "  farm: {%sload: {yearly: 9000}, pv: {size: 25, size_sd: 3}, storage: {capacity: 10}}\n"

/* The homes of kinds, by the names that /users has for them. */
static void a_file_that_says_the_same_as_kinds_is_the_same_village(void)
{
    static const char *const more[] = {"", "clouds.model: drifting\nagents.beta: drawn\n"};

    for (int i = 0; i < 2; i++) {
        char by_kinds[1024], by_file[1024];
        snprintf(by_kinds, sizeof by_kinds, METERS_HEAD "%shouseholds:\n" KINDS_OF_THREE, more[i],
                 "count: 2, ", "count: 3, ", "count: 1, ");
        snprintf(by_file, sizeof by_file, LISTED "%shouseholds:\n" KINDS_OF_THREE, more[i], "", "",
                 "");
        struct gb_record *kinds = run_beside(&files, "", by_kinds);
        struct gb_record *listed =
            run_beside(&files,
                       "name,kind\nflat 1,flat\nflat 2,flat\nterrace 1,terrace\nterrace 2,terrace\n"
                       "terrace 3,terrace\nfarm 1,farm\n",
                       by_file);
        EXPECT(kinds && listed && records_are_equal(kinds, listed));
        gb_record_free(kinds);
        gb_record_free(listed);
    }
}

static const struct gb_user_row *user_of(const struct gb_record *record, const char *name)
{
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_USERS); i++)
        if (strcmp(users[i].name, name) == 0)
            return &users[i];
    return NULL;
}

/* What nature gives them, slot by slot. */
static bool have_same_energies(const struct gb_record *a, const struct gb_user_row *in_a,
                               const struct gb_record *b, const struct gb_user_row *in_b)
{
    const struct gb_meter_row *of_a = gb_record_rows(a, GB_TABLE_METERS);
    const struct gb_meter_row *of_b = gb_record_rows(b, GB_TABLE_METERS);
    size_t n_a = gb_record_n_rows(a, GB_TABLE_USERS), n_b = gb_record_n_rows(b, GB_TABLE_USERS);
    bool is_same = true;

    for (size_t slot = 0; slot < 40; slot++) { /* rows go slot by slot, meter by meter */
        const struct gb_meter_row *x = &of_a[slot * n_a + in_a->meter];
        const struct gb_meter_row *y = &of_b[slot * n_b + in_b->meter];
        is_same &= x->meter == in_a->meter && y->meter == in_b->meter;
        is_same &= x->load_wh == y->load_wh && x->solar_wh == y->solar_wh &&
                   x->baseline_wh == y->baseline_wh;
    }
    return is_same;
}

#define ROWS_OF_FOUR(a, b, c, d) "name,kind,pv_kw,yearly_kwh,x,y\n" a b c d
#define ANNA "Anna,flat,,2200,10,20\n"
#define BERT "Bert,terrace,5,,-30,0\n"
#define CLEO "Cleo,terrace,7.5,4100,,\n"
#define DORA "Dora,flat,,,,\n"

static void another_row_or_order_changes_nothing_about_anybody(void)
{
    static const char *const names[] = {"Anna", "Bert", "Cleo"};
    static const char text[] = LISTED "clouds.model: drifting\n";
    struct gb_record *three = run_beside(&files, ROWS_OF_FOUR(ANNA, BERT, CLEO, ""), text);
    struct gb_record *four = run_beside(&files, ROWS_OF_FOUR(DORA, ANNA, BERT, CLEO), text);
    struct gb_record *turned = run_beside(&files, ROWS_OF_FOUR(CLEO, BERT, ANNA, ""), text);

    for (int i = 0; three && four && turned && i < 3; i++) {
        const struct gb_user_row *user = user_of(three, names[i]);
        EXPECT(have_same_energies(three, user, four, user_of(four, names[i])));
        EXPECT(have_same_energies(three, user, turned, user_of(turned, names[i])));
    }
    EXPECT(!have_same_energies(three, user_of(three, "Bert"), three, user_of(three, "Cleo")));
    gb_record_free(three);
    gb_record_free(four);
    gb_record_free(turned);
}

static void another_name_or_place_draws_otherwise(void)
{
    static const char text[] = LISTED "clouds.model: drifting\n";
    struct gb_record *a = run_beside(&files, ROWS_OF_FOUR(BERT, "", "", ""), text);
    struct gb_record *renamed =
        run_beside(&files, ROWS_OF_FOUR("Bart,terrace,5,,-30,0\n", "", "", ""), text);
    struct gb_record *moved =
        run_beside(&files, ROWS_OF_FOUR("Bert,terrace,5,,-3000,0\n", "", "", ""), text);
    const struct gb_user_row *of_a = gb_record_rows(a, GB_TABLE_USERS);
    const struct gb_user_row *of_renamed = gb_record_rows(renamed, GB_TABLE_USERS);
    const struct gb_user_row *of_moved = gb_record_rows(moved, GB_TABLE_USERS);

    EXPECT(of_renamed->load_wh != of_a->load_wh);
    EXPECT_INT(of_moved->load_wh, of_a->load_wh);
    EXPECT(of_moved->generation_wh != of_a->generation_wh);
    gb_record_free(a);
    gb_record_free(renamed);
    gb_record_free(moved);
}

static struct gb_listed numbered(size_t n)
{
    struct gb_listed listed = {n, calloc(n + 1, sizeof *listed.meters)};

    for (size_t i = 0; i < n; i++)
        snprintf(listed.meters[i].name, sizeof listed.meters[i].name, "m%zu", i);
    return listed;
}

static int compare_owners(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* Of 60 000 names 60000^2 / 2^29 = 6.7 pairs are expected to fall together. */
static void no_two_names_have_the_same_draws(void)
{
    enum { N = 60000 };
    struct gb_listed all = numbered(N), fewer = numbered(N - 1);
    uint32_t *owners = calloc(N, sizeof *owners);
    size_t n_shifted = 0, n_moved = 0, n_twice = 0;

    EXPECT_INT(gb_listed_assign_owners(&all, NULL), GB_OK);
    EXPECT_INT(gb_listed_assign_owners(&fewer, NULL), GB_OK);
    for (size_t i = 0; i < N; i++) {
        owners[i] = all.meters[i].draw_owner;
        n_moved += owners[i] != gb_kind_first_owner(all.meters[i].name);
        n_shifted += i < N - 1 && owners[i] != fewer.meters[i].draw_owner;
        EXPECT(owners[i] < GB_DRAW_OWNERS);
    }
    qsort(owners, N, sizeof *owners, compare_owners);
    for (size_t i = 1; i < N; i++)
        n_twice += owners[i] == owners[i - 1];
    EXPECT_INT((int64_t)n_twice, 0);
    EXPECT(n_moved > 0 && n_moved < 20);
    EXPECT_INT((int64_t)n_shifted, 0);
    free(owners);
    free(all.meters);
    free(fewer.meters);
}

/* ---- agents */

/* The reserve of an order, and the factor that it carries. */
static void a_row_says_for_what_its_agent_trades(void)
{
    struct gb_record *record = run_beside(&files,
                                          "name,yearly_kwh,pv_kw,reserve_sell,reserve_buy,beta\n"
                                          "a,4000,,,0.55,0.25\nb,4000,,,,\nc,1000,20,0.4,,0.75\n",
                                          LISTED);
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    size_t n_seen = 0;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++) {
        const struct gb_order_row *order = &orders[i];
        bool is_buy = order->side == GB_BUY;
        if (order->meter == 0) {
            EXPECT_INT(order->reserve, 550000);
            EXPECT_INT(order->beta_millionths, 250000);
            n_seen |= 1;
        } else {
            EXPECT_INT(order->beta_millionths, order->meter == 2 ? 750000 : GB_BETA_OF_MARKET);
            n_seen |= order->meter == 2 && !is_buy ? 2 : 0;
        }
        if (order->meter == 2 && !is_buy)
            EXPECT_INT(order->reserve, 400000);
        if (order->meter == 1)
            EXPECT(order->reserve != 550000);
    }
    EXPECT_INT((int64_t)n_seen, 3);
    gb_record_free(record);
}

/* ---- stored */

static void a_stored_list_runs_again_to_the_same_rows(void)
{
    static const char *const texts[] = {LISTED, LISTED "households: {flat: {}, terrace: {pv: "
                                                       "{size: 3}}, barn: {}}\n"};

    for (int i = 0; i < 2; i++) {
        struct gb_scenario *s = good_beside(&files, ROWS_OF_FOUR(ANNA, BERT, CLEO, DORA), texts[i]);
        struct gb_diagnostics *diagnostics = gb_diagnostics_create();
        struct gb_scenario *again = NULL;
        char *text = NULL, *second = NULL;
        struct gb_error err = {0};

        EXPECT_INT(gb_scenario_text(s, &text, &err), GB_OK);
        EXPECT(text && strstr(text, "\n  inline: |\n    name,kind,pv_kw") && !strstr(text, TABLE) &&
               strstr(text, "\n  flat: {}\n"));
        EXPECT_INT(gb_scenario_parse(&again, NULL, text, "stored", diagnostics, &err), GB_OK);
        if (EXPECT(again)) {
            EXPECT_INT(gb_scenario_text(again, &second, &err), GB_OK);
            EXPECT_TEXT(second, text);
            struct gb_record *a = record_of(s, NULL), *b = record_of(again, NULL);
            EXPECT(a && b && records_are_equal(a, b));
            gb_record_free(a);
            gb_record_free(b);
        }
        free(text);
        free(second);
        gb_scenario_free(s);
        gb_scenario_free(again);
        gb_diagnostics_free(diagnostics);
    }
}

/* Settings over a scenario that was read before leave its meters, which a copy has, too. */
/* Kinds that a list alone names go with it; those of the scenario stay, and must be the list's. */
static void another_list_brings_its_own_kinds(void)
{
    struct gb_scenario *s = good_beside(&files, "name,kind\na,flat\nb,farm\n", LISTED);
    struct gb_scenario *named =
        good_beside(&files, "name,kind\na,flat\n", LISTED "households: {flat: {}}\n");
    struct gb_error err = {0};

    write_text(TABLE, "name,kind\nc,barn\nd,barn\ne,mill\n");
    EXPECT_INT(scenario_set(s, "meters.file", TABLE, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    EXPECT_INT(s->physics.fleet.n_meters, 3);
    EXPECT_INT((int64_t)s->physics.n_kinds, 2);
    EXPECT_TEXT(s->kinds[0].name, "barn");
    EXPECT_TEXT(s->kinds[1].name, "mill");
    EXPECT_INT(scenario_set(named, "meters.file", TABLE, &err), GB_ECONFIG);
    EXPECT(strstr(err.text, "there is no kind of households 'barn'; expected flat"));
    unlink(TABLE);
    gb_scenario_free(s);
    gb_scenario_free(named);
}

static void settings_and_copies_keep_the_meters(void)
{
    struct gb_scenario *s = good_beside(&files, ROWS_OF_FOUR(ANNA, BERT, CLEO, ""),
                                        LISTED "households: {flat: {}, terrace: {pv: {}}}\n");
    struct gb_scenario *copy = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_scenario_copy(&copy, s, &err), GB_OK);
    gb_scenario_free(s);
    EXPECT_INT(scenario_set(copy, "households.terrace.pv.tilt", "10", &err), GB_OK);
    EXPECT(copy->physics.listed == copy->listed.meters);
    EXPECT_INT(copy->physics.fleet.n_meters, 3);
    struct gb_fleet *fleet = fleet_of(copy);
    EXPECT_NEAR(fleet->systems.kwp[1], 7.5, 0);
    gb_fleet_free(fleet);
    EXPECT_INT(scenario_set(copy, "meters.count", "5", &err), GB_ECONFIG);
    EXPECT(strstr(err.text, "without meters.file"));
    EXPECT_INT(scenario_set(copy, "meters.file", "", &err), GB_ECONFIG);
    EXPECT(strstr(err.text, "read with a list of 3 meters"));
    gb_scenario_free(copy);
}

static void trials_that_share_physics_tell_lists_apart(void)
{
    struct gb_scenario *a = good_beside(&files, ROWS_OF_FOUR(ANNA, BERT, "", ""), LISTED);
    struct gb_scenario *b =
        good_beside(&files, ROWS_OF_FOUR(ANNA, "Bert,terrace,6,,-30,0\n", "", ""), LISTED);
    struct gb_scenario *c = good_beside(&files, ROWS_OF_FOUR(ANNA, BERT, "", ""), LISTED);

    EXPECT(!gb_physics_are_equal(&a->physics, &b->physics));
    EXPECT(gb_physics_are_equal(&a->physics, &c->physics));
    gb_scenario_free(a);
    gb_scenario_free(b);
    gb_scenario_free(c);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_row_goes_before_its_kind),
        TAP(users_are_called_by_the_names_of_the_file),
        TAP(shade_takes_its_share_of_the_light),
        TAP(a_kind_has_shade_as_a_row_has),
        TAP(a_file_that_says_the_same_as_kinds_is_the_same_village),
        TAP(another_row_or_order_changes_nothing_about_anybody),
        TAP(another_name_or_place_draws_otherwise),
        TAP(no_two_names_have_the_same_draws),
        TAP(a_row_says_for_what_its_agent_trades),
        TAP(a_connection_is_of_its_meter_alone),
        TAP(degrees_are_metres_from_their_middle),
        TAP(a_stored_list_runs_again_to_the_same_rows),
        TAP(another_list_brings_its_own_kinds),
        TAP(settings_and_copies_keep_the_meters),
        TAP(trials_that_share_physics_tell_lists_apart),
        {0},
    };

    return tap_main("meters_file", tests);
}
