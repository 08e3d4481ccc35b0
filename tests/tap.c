#include "tests/tap.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>
#include <CUnit/TestRun.h>

static unsigned n_done, n_failed;
static const char *skip_reason;

static void report(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
    n_done++;
    if (failure)
        n_failed++;
    printf("%sok %u - %s: %s", failure ? "not " : "", n_done, suite->pName, test->pName);
    if (skip_reason && !failure)
        printf(" # SKIP %s", skip_reason);
    printf("\n");
    skip_reason = NULL;
}

int tap_main(const char *name, const struct tap_test *tests)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 99;
    CU_pSuite suite = CU_add_suite(name, NULL, NULL);
    unsigned n = 0;
    for (const struct tap_test *t = tests; t->name; t++, n++)
        if (!suite || !CU_add_test(suite, t->name, t->run))
            return 99;
    printf("1..%u\n", n);
    CU_set_test_complete_handler(report);
    CU_ErrorCode code = CU_run_all_tests();
    CU_cleanup_registry();
    return code != CUE_SUCCESS || n_failed > 0;
}

void tap_note(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    printf("# ");
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

void tap_skip(const char *why)
{
    skip_reason = why;
}

static bool check(bool held, const char *file, int line, const char *text)
{
    CU_assertImplementation(held, (unsigned)line, text, file, "", CU_FALSE);
    return held;
}

bool tap_true(const char *file, int line, const char *text, bool value)
{
    if (!value)
        tap_note("%s:%d: false: %s", file, line, text);
    return check(value, file, line, text);
}

bool tap_int(const char *file, int line, const char *text, int64_t is, int64_t expected)
{
    if (is != expected)
        tap_note("%s:%d: %s is %" PRId64 ", expected %" PRId64, file, line, text, is, expected);
    return check(is == expected, file, line, text);
}

bool tap_near(const char *file, int line, const char *text, double is, double expected,
              double tolerance)
{
    bool held = fabs(is - expected) <= tolerance;

    if (!held)
        tap_note("%s:%d: %s is %.17g, expected %.17g within %g", file, line, text, is, expected,
                 tolerance);
    return check(held, file, line, text);
}

bool tap_text(const char *file, int line, const char *text, const char *is, const char *expected)
{
    bool held = is && expected && strcmp(is, expected) == 0;

    if (!held)
        tap_note("%s:%d: %s is \"%s\", expected \"%s\"", file, line, text, is ? is : "(null)",
                 expected ? expected : "(null)");
    return check(held, file, line, text);
}
