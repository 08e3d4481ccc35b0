/* Figures against what they should be, and the arithmetic of both. */
#include "tests/kpi_oracle.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Counted by the network, or by agents who did nothing: nothing in the tables shows them. Whether a
 * slot was missed, and why, is taken from the slot itself, for it depends on when blocks became
 * known to the operator; where an order was at the gate is taken from the order. How large a home
 * and its modules are is drawn (tests/test_villages.c). */
static const char *const exempt[] = {"summary/n_messages",         "summary/n_pool_refusals",
                                     "summary/n_resent",           "summary/n_readings_again",
                                     "summary/n_approvals_again",  "summary/n_authority_again",
                                     "summary/n_bundles_again",    "slots/status",
                                     "slots/missed_cause",         "summary/n_wake_ups",
                                     "summary/n_passed",           "summary/n_passed_unanswered",
                                     "summary/n_passed_no_anchor", "summary/n_passed_no_step",
                                     "summary/n_passed_fee",       "summary/n_passed_own_gate",
                                     "summary/n_voided_consensus", "summary/n_unfunded",
                                     "summary/n_priced_out",       "users/pv_kw",
                                     "users/yearly_kwh",           NULL};

enum { MAX_FAULTS_SHOWN = 12 };

void fault(struct oracle *oracle, const char *format, ...)
{
    va_list list;

    if (oracle->n_faults++ >= MAX_FAULTS_SHOWN || oracle->is_quiet)
        return;
    printf("# ");
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
}

void expect(struct oracle *oracle, int holds, const char *what, size_t at)
{
    if (!holds)
        fault(oracle, "%s does not hold at %zu", what, at);
}

void claim(struct oracle *oracle, struct kpi_table *table, const char *name, size_t row,
           int64_t expected)
{
    struct kpi_column *column = kpi_column(table, name);
    int64_t got = kpi_integers(table, name)[row];

    column->n_claimed++;
    if (got != expected)
        fault(oracle, "/%s/%s[%zu]: %" PRId64 ", expected %" PRId64, table->name, name, row, got,
              expected);
}

void claim_number(struct oracle *oracle, struct kpi_table *table, const char *name, size_t row,
                  double expected)
{
    struct kpi_column *column = kpi_column(table, name);
    double got = column->numbers[row];

    column->n_claimed++;
    if (isnan(got) && isnan(expected))
        return;
    if (!(fabs(got - expected) <= 1e-9 * fmax(fabs(got), fabs(expected)) + 1e-12))
        fault(oracle, "/%s/%s[%zu]: %.15g, expected %.15g", table->name, name, row, got, expected);
}

/* "summary/cost". returns whether it is exempt */
int name_column(const struct kpi_table *table, size_t c, char *name, size_t size)
{
    snprintf(name, size, "%s/%s", table->name, table->columns[c].name);
    for (size_t e = 0; exempt[e]; e++)
        if (strcmp(name, exempt[e]) == 0)
            return 1;
    return 0;
}

void check_that_all_is_claimed(struct oracle *oracle, struct kpi_table *table)
{
    char name[160];

    for (size_t e = 0; exempt[e]; e++) /* what is exempt is there */
        if (strncmp(exempt[e], table->name, strlen(table->name)) == 0)
            kpi_column(table, exempt[e] + strlen(table->name) + 1);
    for (size_t c = 0; c < table->n_columns; c++) {
        int is_exempt = name_column(table, c, name, sizeof name);

        if (!is_exempt && table->columns[c].n_claimed != table->n)
            fault(oracle, "/%s has no rule in this oracle and is not exempt", name);
        if (is_exempt && table->columns[c].n_claimed > 0)
            fault(oracle, "/%s is exempt and has a rule", name);
    }
}

void print_exempt(void)
{
    printf("# exempt:");
    for (size_t e = 0; exempt[e]; e++)
        printf(" /%s", exempt[e]);
    printf("\n");
}

/* ---- arithmetic */

int64_t plus(int64_t x)
{
    return x > 0 ? x : 0;
}

int64_t min_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

double ratio(double a, double b)
{
    return b != 0 ? a / b : NAN;
}

int64_t tariff(const struct oracle *oracle, int64_t wh)
{
    return plus(wh) * oracle->retail - plus(-wh) * oracle->feed_in;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = ((const struct weighted *)a)->value, y = ((const struct weighted *)b)->value;

    return x < y ? -1 : x > y;
}

/* The smallest value with at least `percent` of the weight at or below it. */
double quantile(struct weighted *items, size_t n, int percent)
{
    int64_t whole = 0, below = 0;

    qsort(items, n, sizeof *items, by_value);
    for (size_t i = 0; i < n; i++)
        whole += items[i].weight;
    for (size_t i = 0; i < n && whole > 0; i++) {
        below += items[i].weight;
        if (below * 100 >= whole * percent)
            return (double)items[i].value;
    }
    return NAN;
}

double gini(const int64_t *x, size_t n)
{
    double apart = 0, sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += fabs((double)x[i]);
        for (size_t j = 0; j < n; j++)
            apart += fabs((double)(x[i] - x[j]));
    }
    return ratio(apart, 2 * (double)n * sum);
}
