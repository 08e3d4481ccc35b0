/* Random scenarios: many keys at once, drawn by keyed draws from values that lie at the edges as
 * often as in the middle. */
#ifndef TESTS_DRAWN_SCENARIO_H
#define TESTS_DRAWN_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "experiments/scenario/scenario.h"

enum { MAX_DRAWN_SETTINGS = 48, MAX_DRAWN_TEXT = 3000 };

struct drawn { /* one scenario's settings as text */
    uint32_t number;
    struct gb_key key;
    uint32_t next;
    size_t n;
    char text[MAX_DRAWN_TEXT];
    size_t used;
    const char *settings[MAX_DRAWN_SETTINGS];
};

/* The same number gives the same settings. */
void draw_settings(struct drawn *drawn, uint32_t number);
/* NULL: the settings contradict each other, which the scenario's checks say. The caller frees it.
 */
struct gb_scenario *scenario_of(size_t n, const char *const *settings);

#endif
