/* What readers of meters believe of homes with habits: against brute force where one thing varies,
 * and without bias where everything does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/weather/weather.h"
#include "tests/homes.h"
#include "tests/series.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

static double uniform_of(uint64_t *random)
{
    return ((double)(splitmix64(random) >> 11) + 0.5) * 0x1p-53;
}

static double normal_of(uint64_t *random) /* Box and Muller */
{
    double radius = sqrt(-2 * log(uniform_of(random)));

    return radius * cos(2 * M_PI * uniform_of(random));
}

/* A flat home: nothing that differs between hours, days and homes but what a test adds. */
static struct gb_physics_config plain_config(size_t n, int minutes)
{
    struct gb_physics_config config = homes_config(n, minutes);
    struct gb_household_config *c = &config.household;

    c->sigma = c->shape_sd = c->phase_sd_h = c->day_sd = c->season_sd = c->weekday_sd = 0;
    c->base_sd = c->unrest_sd = c->appliances_sd = 0;
    c->unrest = c->weeks_sd = c->appliances = c->away_share = 0;
    c->common_share = 0;
    return config;
}

/* Power of the same homes where nothing varies: what the shared day makes of slot t. */
static double quiet_power(const struct gb_physics_config *config, int64_t slot)
{
    struct gb_physics_config quiet = *config;
    struct homes homes;
    double power;

    quiet.fleet.n_meters = 1;
    quiet.household.unrest = quiet.household.weeks_sd = 0;
    homes_open(&homes, &quiet, 1, 1);
    homes_advance(&homes, slot, &power);
    homes_close(&homes);
    return power;
}

enum { FEW = 5, PATHS = 40000 };

/* Noise alone: what is left of a half hour over the quiet one is exp(s z - s^2/2), which gives z; a
 * path goes on from there by AR(1) and white steps of its own. The seen sum z does not say how much
 * of it persists: given z, the persistent part is normal, of mean sqrt(a) z, variance 1 - a. */
static void the_belief_about_noise_is_the_mean_of_a_brute_force(void)
{
    enum { SEEN = 20, AHEAD = 3 };
    struct gb_physics_config config = plain_config(FEW, 30);
    struct gb_household_config *c = &config.household;
    struct homes homes;
    double power[FEW], later[FEW], belief[FEW];
    uint64_t random = 7;

    c->unrest = 0.9;
    c->base = 0.25;
    homes_open(&homes, &config, AHEAD + 1, 4);
    homes_advance(&homes, SEEN, power);
    homes_advance(&homes, SEEN + AHEAD, later);
    gb_load_habits.believe(homes.state, SEEN + AHEAD, SEEN, 0, FEW, belief);
    double base = 0.25 * 416, quiet[2] = {quiet_power(&config, SEEN) - base,
                                          quiet_power(&config, SEEN + AHEAD) - base};
    double a = c->persistent_share, phi = c->phi;
    /* s of an hour from the variance over many homes is not needed: the test of 10 h and 11 h,
     * which are 0.85 to 0.89 of the most restless */
    double s[2] = {0.9 * (0.75 * 0.85 + 0.25 * 0.74), 0.9 * (0.75 * 0.89 + 0.25 * 1.00)};
    for (int i = 0; i < FEW; i++) {
        double x = (power[i] - base) / quiet[0], z = (log(x) + s[0] * s[0] / 2) / s[0], sum = 0,
               squares = 0;
        for (int path = 0; path < PATHS; path++) {
            double u = sqrt(a) * z + sqrt(1 - a) * normal_of(&random);
            for (int k = 0; k < AHEAD; k++)
                u = phi * u + sqrt(1 - phi * phi) * normal_of(&random);
            double y = sqrt(a) * u + sqrt(1 - a) * normal_of(&random);
            double value = base + quiet[1] * exp(s[1] * y - s[1] * s[1] / 2);
            sum += value / PATHS;
            squares += value * value / PATHS;
        }
        /* five standard errors: five homes fail once in 300 000 */
        EXPECT_NEAR(belief[i], sum, 5 * sqrt((squares - sum * sum) / PATHS));
    }
    homes_close(&homes);
}

/* The weeks alone: they move at midnight. */
static void the_belief_about_weeks_is_the_mean_of_a_brute_force(void)
{
    enum { SEEN = 40, AHEAD = 60 }; /* two midnights later */
    struct gb_physics_config config = plain_config(FEW, 30);
    struct homes homes;
    double power[FEW], later[FEW], belief[FEW], w = 0.8;
    uint64_t random = 8;

    config.household.weeks_sd = w;
    config.household.base = 0;
    homes_open(&homes, &config, AHEAD + 1, 4);
    homes_advance(&homes, SEEN, power);
    homes_advance(&homes, SEEN + AHEAD, later);
    gb_load_habits.believe(homes.state, SEEN + AHEAD, SEEN, 0, FEW, belief);
    double quiet[2] = {quiet_power(&config, SEEN), quiet_power(&config, SEEN + AHEAD)};
    double memory = config.household.weeks_memory;
    for (int i = 0; i < FEW; i++) {
        double seen = (log(power[i] / quiet[0]) + w * w / 2) / w, sum = 0, squares = 0;
        for (int path = 0; path < PATHS; path++) {
            double y = seen;
            for (int k = 0; k < 2; k++)
                y = memory * y + sqrt(1 - memory * memory) * normal_of(&random);
            double value = quiet[1] * exp(w * y - w * w / 2);
            sum += value / PATHS;
            squares += value * value / PATHS;
        }
        EXPECT_NEAR(belief[i], sum, 5 * sqrt((squares - sum * sum) / PATHS));
    }
    homes_close(&homes);
}

/* Days away alone: half of all days, three in a row. A day ahead a home is where it was with the
 * chain's probability, by its own steps. */
static void the_belief_about_days_away_is_the_mean_of_a_brute_force(void)
{
    enum { SEEN = 40, AHEAD = 60, HOMES = 64 };
    struct gb_physics_config config = plain_config(HOMES, 30);
    struct homes homes;
    double power[HOMES], later[HOMES], belief[HOMES];
    uint64_t random = 9;
    int n_away = 0;

    config.household.away_share = 0.5;
    config.household.away_days = 3;
    config.household.base = 0.25;
    homes_open(&homes, &config, AHEAD + 1, 4);
    homes_advance(&homes, SEEN, power);
    homes_advance(&homes, SEEN + AHEAD, later);
    gb_load_habits.believe(homes.state, SEEN + AHEAD, SEEN, 0, HOMES, belief);
    double base = 0.25 * 416, full = quiet_power(&config, SEEN + AHEAD) - base;
    config.household.away_share = 0;
    full = 2 * (quiet_power(&config, SEEN + AHEAD) - base);
    for (int from = 0; from < 2; from++) {
        int home = 0;
        for (int path = 0; path < PATHS; path++) {
            bool is_away = from;
            for (int k = 0; k < 2; k++)
                is_away = uniform_of(&random) < (is_away ? 2.0 / 3 : 1.0 / 3);
            home += !is_away;
        }
        double share = (double)home / PATHS;
        for (int i = 0; i < HOMES; i++) {
            if ((power[i] < base * (1 + 1e-9)) != from)
                continue;
            n_away += from;
            EXPECT_NEAR(belief[i], base + share * full, full * 2.5 / sqrt(PATHS));
        }
    }
    EXPECT(n_away > 0 && n_away < HOMES);
    homes_close(&homes);
}

/* Sums of what came less what was believed, and of its squares, over a group of cases. */
struct bias {
    double sum, squares, believed;
    long n;
};

static void add_case(struct bias *bias, double error, double belief)
{
    bias->sum += error;
    bias->squares += error * error;
    bias->believed += belief;
    bias->n++;
}

/* Standard errors that a mean of 0 is away. Cases of one home in different slots hang together for
 * days: the slots of a test are weeks apart. */
static double standard_errors(const struct bias *b)
{
    double mean = b->sum / (double)b->n;

    return mean / sqrt((b->squares / (double)b->n - mean * mean) / (double)b->n);
}

/* Over 4000 homes and six moments, weeks apart: all cases, and those in which a meter had shown
 * little, something, or much for its home. Each of the four groups, of each lead, fails once in
 * 15 000 at four standard errors. */
static void check_bias(int minutes, int64_t lead)
{
    enum { HOMES = 4000, MOMENTS = 6 };
    struct gb_physics_config config = homes_config(HOMES, minutes);
    struct homes homes;
    struct bias bias[4] = {{0}};
    double *seen = calloc(HOMES, sizeof *seen), *power = calloc(HOMES, sizeof *power);
    double *belief = calloc(HOMES, sizeof *belief);
    int64_t day = 1440 / minutes;

    homes_open(&homes, &config, (size_t)lead + 1, 11);
    for (int k = 0; k < MOMENTS; k++) {
        int64_t last_read = (9 * k + 1) * day + (4 * k + 3) * day / 24;
        homes_advance(&homes, last_read, seen);
        homes_advance(&homes, last_read + lead, power);
        gb_load_habits.believe(homes.state, last_read + lead, last_read, 0, HOMES, belief);
        for (int i = 0; i < HOMES; i++) {
            double size = homes.fleet->load_scale_w[i], error = (power[i] - belief[i]) / size;
            int group = seen[i] < 0.5 * size ? 1 : seen[i] < 1.2 * size ? 2 : 3;
            add_case(&bias[0], error, belief[i] / size);
            add_case(&bias[group], error, belief[i] / size);
        }
    }
    for (int group = 0; group < 4; group++) {
        double z = standard_errors(&bias[group]);
        tap_note("%d min, lead %d, group %d: bias %+.4f of %.3f, %+.1f standard errors", minutes,
                 (int)lead, group, bias[group].sum / (double)bias[group].n,
                 bias[group].believed / (double)bias[group].n, z);
        EXPECT(fabs(z) < 4);
    }
    homes_close(&homes);
    free(seen);
    free(power);
    free(belief);
}

static void beliefs_about_everything_have_no_bias(void)
{
    check_bias(15, 1);
    check_bias(15, 2);
    check_bias(5, 3);
    check_bias(30, 20);
    check_bias(60, 30);
}

/* Appliances alone: those that a reader saw are on for the time that is left of them. The error of
 * a belief does not go with what was seen. */
static void what_was_seen_of_appliances_says_no_more_than_is_believed(void)
{
    enum { HOMES = 20000, SEEN = 150, LEAD = 2 };
    struct gb_physics_config config = plain_config(HOMES, 5);
    struct homes homes;
    double *seen = calloc(HOMES, sizeof *seen), *power = calloc(HOMES, sizeof *power);
    double *belief = calloc(HOMES, sizeof *belief);
    struct bias off = {0}, on = {0};

    config.household.appliances = 0.5;
    homes_open(&homes, &config, LEAD + 1, 12);
    homes_advance(&homes, SEEN, seen);
    homes_advance(&homes, SEEN + LEAD, power);
    gb_load_habits.believe(homes.state, SEEN + LEAD, SEEN, 0, HOMES, belief);
    double least = belief[0];
    for (int i = 0; i < HOMES; i++)
        least = fmin(least, belief[i]);
    for (int i = 0; i < HOMES; i++)
        add_case(belief[i] > least + 1 ? &on : &off, power[i] - belief[i], belief[i]);
    tap_note("nothing on: %+.2f W of %.0f, %+.1f standard errors; something on: %+.2f W of %.0f, "
             "%+.1f standard errors",
             off.sum / (double)off.n, off.believed / (double)off.n, standard_errors(&off),
             on.sum / (double)on.n, on.believed / (double)on.n, standard_errors(&on));
    EXPECT(on.n > 1000 && off.n > 1000);
    EXPECT(fabs(standard_errors(&off)) < 4);
    EXPECT(fabs(standard_errors(&on)) < 4);
    homes_close(&homes);
    free(seen);
    free(power);
    free(belief);
}

static void a_belief_is_the_same_bits_whoever_else_is_asked_for(void)
{
    enum { HOMES = 600 };
    struct gb_physics_config config = homes_config(HOMES, 15);
    struct homes homes;
    double power[HOMES], all[HOMES], one, some[100];
    int alike = 0;

    config.weather.forecast.kappa = 0.5;
    homes_open(&homes, &config, 8, 13);
    homes_advance(&homes, 95, power);
    gb_load_habits.believe(homes.state, 95, 90, 0, HOMES, all);
    for (size_t i = 0; i < HOMES; i++) {
        gb_load_habits.believe(homes.state, 95, 90, i, 1, &one);
        alike += memcmp(&one, &all[i], sizeof one) == 0;
    }
    EXPECT_INT(alike, HOMES);
    gb_load_habits.believe(homes.state, 95, 90, 217, 100, some);
    EXPECT(memcmp(some, all + 217, sizeof some) == 0);
    homes_close(&homes);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_belief_about_noise_is_the_mean_of_a_brute_force),
        TAP(the_belief_about_weeks_is_the_mean_of_a_brute_force),
        TAP(the_belief_about_days_away_is_the_mean_of_a_brute_force),
        TAP(beliefs_about_everything_have_no_bias),
        TAP(what_was_seen_of_appliances_says_no_more_than_is_believed),
        TAP(a_belief_is_the_same_bits_whoever_else_is_asked_for),
        {0}};
    return tap_main("habit beliefs", tests);
}
