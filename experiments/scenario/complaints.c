#include "experiments/scenario/complaints.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct complaint {
    char *text, *origin;
    size_t line, column, number;        /* line SIZE_MAX: without a place */
};

struct gb_complaints {
    struct complaint *list;
    size_t n, capacity;
    bool lacks_memory;
};

struct gb_complaints *gb_complaints_create(void)
{
    return calloc(1, sizeof(struct gb_complaints));
}

void gb_complaints_free(struct gb_complaints *complaints)
{
    if (!complaints)
        return;
    for (size_t i = 0; i < complaints->n; i++) {
        free(complaints->list[i].text);
        free(complaints->list[i].origin);
    }
    free(complaints->list);
    free(complaints);
}

/* A complaint whose text found no memory is NULL. */
static void append(struct gb_complaints *complaints, const char *origin, char *text, size_t line,
                   size_t column)
{
    if (complaints->n == complaints->capacity) {
        size_t capacity = complaints->capacity ? 2 * complaints->capacity : 16;
        struct complaint *list = realloc(complaints->list, capacity * sizeof *list);
        if (!list) {
            complaints->lacks_memory = true;
            free(text);
            return;
        }
        complaints->list = list;
        complaints->capacity = capacity;
    }
    complaints->list[complaints->n] =
        (struct complaint){text, strdup(origin), line, column, complaints->n};
    complaints->lacks_memory |= !text || !complaints->list[complaints->n].origin;
    complaints->n++;
}

void gb_complaints_lack_memory(struct gb_complaints *complaints)
{
    complaints->lacks_memory = true;
}

/* "<prefix><sentence>" in memory of its own, or NULL. */
__attribute__((format(printf, 2, 0)))
static char *compose(const char *prefix, const char *format, va_list args)
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

void gb_complaints_add(struct gb_complaints *complaints, const char *origin, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append(complaints, origin, compose("", format, args), SIZE_MAX, 0);
    va_end(args);
}

void gb_complaints_add_at(struct gb_complaints *complaints, const char *path, size_t line,
                          size_t column, const char *format, ...)
{
    va_list args;
    char place[1024];

    if (line > 0)
        snprintf(place, sizeof place, "%.900s:%zu:%zu: ", path, line, column);
    else
        snprintf(place, sizeof place, "%.900s: ", path);
    va_start(args, format);
    append(complaints, path, compose(place, format, args), line ? line : SIZE_MAX, column);
    va_end(args);
}

static int compare(const void *a, const void *b)
{
    const struct complaint *x = a, *y = b;

    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

void gb_complaints_sort(struct gb_complaints *complaints, size_t first)
{
    if (first < complaints->n)
        qsort(complaints->list + first, complaints->n - first, sizeof *complaints->list, compare);
}

static bool are_of_one_origin(const struct complaint *a, const struct complaint *b)
{
    return a->origin && b->origin ? strcmp(a->origin, b->origin) == 0 : a->origin == b->origin;
}

/* "x.yaml: 2 mistakes, --set: 1 mistake". */
static void total(const struct gb_complaints *complaints, size_t first, char *buffer, size_t size)
{
    const struct complaint *list = complaints->list;
    size_t used = 0;

    buffer[0] = '\0';
    for (size_t i = first; i < complaints->n && used < size; i++) {
        size_t n = 0, earlier = first;
        while (!are_of_one_origin(&list[earlier], &list[i]))
            earlier++;
        if (earlier < i)
            continue;                   /* counted there */
        for (size_t j = i; j < complaints->n; j++)
            n += are_of_one_origin(&list[j], &list[i]);
        int length = snprintf(buffer + used, size - used, "%s%.200s: %zu mistake%s", used ? ", " : "",
                              list[i].origin ? list[i].origin : "?", n, n == 1 ? "" : "s");
        used += length > 0 ? (size_t)length : 0;
    }
}

enum gb_status gb_complaints_conclude(const struct gb_complaints *complaints, size_t first,
                                      struct gb_error *err)
{
    char text[512];

    if (complaints->lacks_memory)
        return gb_fail(err, GB_ENOMEM, "no memory to read the input and say what is wrong with it");
    if (complaints->n <= first)
        return GB_OK;
    total(complaints, first, text, sizeof text);
    return gb_fail(err, GB_ECONFIG, "%s", text);
}

size_t gb_complaints_count(const struct gb_complaints *complaints)
{
    return complaints->n;
}

const char *gb_complaints_at(const struct gb_complaints *complaints, size_t i)
{
    const char *text = complaints->list[i].text;

    return text ? text : "out of memory while writing a complaint";
}
