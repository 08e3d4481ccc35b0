/* Several comparisons at once: what a family of tests does to its p values and intervals. A test
 * that was not made, a cell equal to the reference for one, has p NaN and is not in the family. */
#ifndef ANALYSIS_MULTIPLICITY_H
#define ANALYSIS_MULTIPLICITY_H

#include <stdbool.h>
#include <stddef.h>

/* Tests of the family that were made. */
size_t gb_family_size(const double *p, size_t n);
/* p values adjusted by Holm's step-down method, in the order given; NaN stays NaN. With them the
 * chance of any false finding in the family is held below the level, whatever the tests have to do
 * with each other.
 * returns  false without memory
 * source   S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70; R's p.adjust("holm") */
bool gb_family_adjust(const double *p, double *adjusted, size_t n);
/* The level of each interval of a family, by Bonferroni, such that all of them hold together at
 * `level`: 1 - (1 - level) / size. */
double gb_family_level(double level, size_t size);

#endif
