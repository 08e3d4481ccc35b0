/* CUnit suites reported as TAP, with expectations that print both values when they differ.
 *
 *     static void a_midpoint_of_an_odd_sum_rounds_half_to_even(void) { EXPECT_INT(..., ...); }
 *     int main(void) { static const struct tap_test tests[] = {TAP(a_midpoint...), {0}};
 *                      return tap_main("quantity", tests); } */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stdint.h>

struct tap_test {
    const char *name;
    void (*run)(void);
};
/* clang-format off */
#define TAP(function) {#function, function}
/* clang-format on */

int tap_main(const char *suite,
             const struct tap_test *tests); /* runs all, prints TAP, exit status */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Ends the running test as skipped, aloud: `SKIP(why); return;`. */
void tap_skip(const char *why);

/* Each reports file, line and both values on failure and returns whether it held. */
bool tap_true(const char *file, int line, const char *text, bool value);
bool tap_int(const char *file, int line, const char *text, int64_t is, int64_t expected);
bool tap_near(const char *file, int line, const char *text, double is, double expected,
              double tolerance);
bool tap_text(const char *file, int line, const char *text, const char *is, const char *expected);

#define EXPECT(condition) tap_true(__FILE__, __LINE__, #condition, (condition))
#define EXPECT_INT(is, expected) tap_int(__FILE__, __LINE__, #is, (is), (expected))
#define EXPECT_NEAR(is, expected, tolerance) \
    tap_near(__FILE__, __LINE__, #is, (is), (expected), (tolerance))
#define EXPECT_TEXT(is, expected) tap_text(__FILE__, __LINE__, #is, (is), (expected))

#endif
