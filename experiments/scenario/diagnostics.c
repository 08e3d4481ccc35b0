#include "experiments/scenario/diagnostics.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

struct diagnostic {
    char *text, *origin;
    size_t line, column, number; /* line SIZE_MAX: without a place */
};

struct gb_diagnostics {
    struct diagnostic *list;
    size_t n, capacity;
    bool lacks_memory;
};

struct gb_diagnostics *gb_diagnostics_create(void)
{
    return calloc(1, sizeof(struct gb_diagnostics));
}

void gb_diagnostics_free(struct gb_diagnostics *diagnostics)
{
    if (!diagnostics)
        return;
    for (size_t i = 0; i < diagnostics->n; i++) {
        free(diagnostics->list[i].text);
        free(diagnostics->list[i].origin);
    }
    free(diagnostics->list);
    free(diagnostics);
}

/* A diagnostic whose text found no memory is NULL. */
static void append(struct gb_diagnostics *diagnostics, const char *origin, char *text, size_t line,
                   size_t column)
{
    struct diagnostic *list =
        gb_array_grow(diagnostics->list, &diagnostics->capacity, diagnostics->n + 1, sizeof *list);

    if (!list) {
        diagnostics->lacks_memory = true;
        free(text);
        return;
    }
    diagnostics->list = list;
    diagnostics->list[diagnostics->n] =
        (struct diagnostic){text, strdup(origin), line, column, diagnostics->n};
    diagnostics->lacks_memory |= !text || !diagnostics->list[diagnostics->n].origin;
    diagnostics->n++;
}

void gb_diagnostics_lack_memory(struct gb_diagnostics *diagnostics)
{
    diagnostics->lacks_memory = true;
}

/* "<prefix><description>" in memory of its own, or NULL. */
__attribute__((format(printf, 2, 0))) static char *compose(const char *prefix, const char *format,
                                                           va_list args)
{
    va_list again;

    va_copy(again, args);
    size_t before = strlen(prefix);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : malloc(before + (size_t)length + 1);
    if (text) {
        memcpy(text, prefix, before);
        vsnprintf(text + before, (size_t)length + 1, format, args);
    }
    return text;
}

void gb_diagnostics_add(struct gb_diagnostics *diagnostics, const char *origin, const char *format,
                        ...)
{
    va_list args;

    va_start(args, format);
    append(diagnostics, origin, compose("", format, args), SIZE_MAX, 0);
    va_end(args);
}

void gb_diagnostics_add_at(struct gb_diagnostics *diagnostics, const char *path, size_t line,
                           size_t column, const char *format, ...)
{
    va_list args;
    char place[1024];

    if (line > 0)
        snprintf(place, sizeof place, "%.900s:%zu:%zu: ", path, line, column);
    else
        snprintf(place, sizeof place, "%.900s: ", path);
    va_start(args, format);
    append(diagnostics, path, compose(place, format, args), line ? line : SIZE_MAX, column);
    va_end(args);
}

static int compare(const void *a, const void *b)
{
    const struct diagnostic *x = a, *y = b;

    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

void gb_diagnostics_sort(struct gb_diagnostics *diagnostics, size_t first)
{
    if (first < diagnostics->n)
        qsort(diagnostics->list + first, diagnostics->n - first, sizeof *diagnostics->list,
              compare);
}

static bool are_of_one_origin(const struct diagnostic *a, const struct diagnostic *b)
{
    return a->origin && b->origin ? strcmp(a->origin, b->origin) == 0 : a->origin == b->origin;
}

/* "x.yaml: 2 mistakes, --set: 1 mistake". */
static void total(const struct gb_diagnostics *diagnostics, size_t first, char *buffer, size_t size)
{
    const struct diagnostic *list = diagnostics->list;
    size_t used = 0;

    buffer[0] = '\0';
    for (size_t i = first; i < diagnostics->n && used < size; i++) {
        size_t n = 0, earlier = first;
        while (!are_of_one_origin(&list[earlier], &list[i]))
            earlier++;
        if (earlier < i)
            continue; /* counted there */
        for (size_t j = i; j < diagnostics->n; j++)
            n += are_of_one_origin(&list[j], &list[i]);
        int length =
            snprintf(buffer + used, size - used, "%s%.200s: %zu mistake%s", used ? ", " : "",
                     list[i].origin ? list[i].origin : "?", n, n == 1 ? "" : "s");
        used += length > 0 ? (size_t)length : 0;
    }
}

enum gb_status gb_diagnostics_conclude(const struct gb_diagnostics *diagnostics, size_t first,
                                       struct gb_error *err)
{
    char text[512];

    if (diagnostics->lacks_memory)
        return gb_fail(err, GB_ENOMEM, "no memory to read the input and say what is wrong with it");
    if (diagnostics->n <= first)
        return GB_OK;
    total(diagnostics, first, text, sizeof text);
    return gb_fail(err, GB_ECONFIG, "%s", text);
}

size_t gb_diagnostics_count(const struct gb_diagnostics *diagnostics)
{
    return diagnostics->n;
}

const char *gb_diagnostics_at(const struct gb_diagnostics *diagnostics, size_t i)
{
    const char *text = diagnostics->list[i].text;

    return text ? text : "out of memory while writing a diagnostic";
}
