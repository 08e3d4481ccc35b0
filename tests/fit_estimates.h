/* What a fit found, beside what the series were made of. */
#ifndef TESTS_FIT_ESTIMATES_H
#define TESTS_FIT_ESTIMATES_H

#include "models/fit/fit.h"

/* The estimate of a key, and its standard error. */
double estimate_of(const struct gb_fit *fit, const char *key, double *error);

/* The error must be sound, and the truth within 3.5 of it. */
void expect_found(const struct gb_fit *fit, const char *key, double truth, double most_error);

#endif
