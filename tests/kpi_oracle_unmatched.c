/* Accepted orders of delivered slots that nothing traded with, and why: every pair is looked at. */
#include <stdlib.h>
#include <string.h>

#include "tests/kpi_oracle.h"

struct standing { /* an order as it stood at the gate */
    int64_t interval, source, reserve, left;
    int is_bid, is_gone, is_cut, has_traded;
};

/* Does message i stand behind message j in the ledger? */
static int is_behind(struct oracle *oracle, size_t i, size_t j)
{
    static const char *const place[] = {"height", "transaction", "message"};

    for (int p = 0; p < 3; p++) {
        int64_t a = kpi_integers(oracle->orders, place[p])[i];
        int64_t b = kpi_integers(oracle->orders, place[p])[j];

        if (a != b)
            return a > b;
    }
    return 0;
}

/* The last accepted message of the order: itself, or an amendment. */
static size_t last_of(struct oracle *oracle, size_t order)
{
    struct kpi_table *orders = oracle->orders;
    const int64_t *interval = kpi_integers(orders, "interval");
    size_t last = order;

    for (size_t i = orders->n; i < oracle->n_sent; i++)
        if (interval[i] == interval[order] && is_ok(oracle, i) && !is_late(oracle, i) &&
            kpi_integers(orders, "target")[i] == kpi_integers(orders, "number")[order] &&
            is_behind(oracle, i, last))
            last = i;
    return last;
}

static struct standing standing_of(struct oracle *oracle, size_t order)
{
    struct kpi_table *orders = oracle->orders;
    size_t last = last_of(oracle, order);
    int64_t matched = kpi_integers(orders, "matched_wh")[order];
    int64_t cut = kpi_integers(orders, "cut_wh")[order];

    return (struct standing){.interval = kpi_integers(orders, "interval")[order],
                             .source = kpi_integers(orders, "source")[order],
                             .reserve = kpi_integers(orders, "reserve")[last],
                             .left =
                                 plus(kpi_integers(orders, "quantity_wh")[last] - matched - cut),
                             .is_bid = is_bid(oracle, order),
                             .is_gone = kpi_is(orders, "action", last, "cancel"),
                             .is_cut = kpi_integers(orders, "quantity_wh")[last] <= cut,
                             .has_traded = matched > 0};
}

static int suit(const struct standing *a, const struct standing *b, int by_source)
{
    const struct standing *bid = a->is_bid ? a : b, *ask = a->is_bid ? b : a;
    int is_one_book = !by_source || a->source == 0 || b->source == 0 || a->source == b->source;

    return a->is_bid != b->is_bid && a->interval == b->interval && !b->is_gone && !b->is_cut &&
           is_one_book && bid->reserve >= ask->reserve;
}

void claim_unmatched(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary;
    struct standing *all = calloc(oracle->orders->n + 1, sizeof *all);
    int64_t by_cause[4] = {0}; /* nobody suits, none is left, one is; it was cut */
    int64_t cut_wh = 0;
    char books[64] = "";
    size_t n = 0;

    kpi_scenario(oracle->file.scenario, "market.books", books, sizeof books);
    for (size_t i = 0; i < oracle->orders->n; i++)
        if (is_ok(oracle, i) && !oracle->missed[kpi_integers(oracle->orders, "interval")[i]])
            all[n++] = standing_of(oracle, i);
    for (size_t i = 0; i < n; i++) {
        int cause = 0;

        for (size_t j = 0; j < n; j++)
            if (suit(&all[i], &all[j], strcmp(books, "by_source") == 0))
                cause = all[j].left > 0 || cause == 2 ? 2 : 1;
        by_cause[all[i].is_cut ? 3 : cause] += !all[i].is_gone && !all[i].has_traded;
    }
    claim(oracle, sum, "n_unmatched", 0, by_cause[0] + by_cause[1] + by_cause[2] + by_cause[3]);
    claim(oracle, sum, "n_unmatched_reserve", 0, by_cause[0]);
    claim(oracle, sum, "n_unmatched_taken", 0, by_cause[1]);
    claim(oracle, sum, "n_unmatched_never_met", 0, by_cause[2]);
    claim(oracle, sum, "n_unmatched_cut", 0, by_cause[3]);
    for (size_t i = 0; i < oracle->orders->n; i++)
        if (!oracle->missed[kpi_integers(oracle->orders, "interval")[i]])
            cut_wh += kpi_integers(oracle->orders, "cut_wh")[i];
    claim(oracle, sum, "cut_wh", 0, cut_wh);
    free(all);
}
