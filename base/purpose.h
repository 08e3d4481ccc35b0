/* The purposes of random draws, one list for the whole program. A purpose is part of the Philox
 * key, so two purposes never share a draw. Those of a trial stand in base/purposes.def, each with
 * its kind. */
#ifndef BASE_PURPOSE_H
#define BASE_PURPOSE_H

enum gb_purpose {
#define GB_PURPOSE(name, number, kind) GB_PURPOSE_##name = (number),
#include "base/purposes.def"
#undef GB_PURPOSE
    /* analysis: bootstrap and the like, never part of a trial */
    GB_PURPOSE_BOOTSTRAP = 90,
    /* tests and benchmarks */
    GB_PURPOSE_TEST = 1000
};

#endif
