/* The paper's case beside a run of it: Table 2, Figure 4 and the ablation of its second round. */
#ifndef CLI_PAPER_CASE_H
#define CLI_PAPER_CASE_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/results.h"
#include "base/status.h"

/* Whether the only trial of a result holds the orders of Table 1. */
enum gb_status gb_paper_case_is(bool *is, struct gb_results *results, struct gb_error *err);
/* Prints the comparison; the ablation is computed here and now from the stored orders. */
enum gb_status gb_paper_case_print(struct gb_results *results, FILE *out, struct gb_error *err);

#endif
