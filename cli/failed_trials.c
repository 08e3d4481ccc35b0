#include "cli/failed_trials.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/message.h"

/* A word as a shell takes it: as it is where no character means anything to it. */
static void write_word(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./=:,+@%";

    if (word[0] && strspn(word, plain) == strlen(word)) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    fputc('\'', out);
}

static void write_command(FILE *out, const struct gb_request *request, uint64_t trial)
{
    fputs("gridbourse sweep ", out);
    write_word(out, request->input);
    for (size_t i = 0; i < request->n_settings; i++) {
        fputs(" --set ", out);
        write_word(out, request->settings[i]);
    }
    fprintf(out, " --trial %" PRIu64, trial);
}

void gb_failed_trials_tell(const struct gb_request *request, const struct gb_sweep *sweep,
                           uint64_t trial, const struct gb_error *why)
{
    struct gb_text command;
    char where[512];

    gb_message_error("trial %" PRIu64 " (%s) failed: %s", trial,
                     gb_sweep_describe(sweep, trial, where, sizeof where), why->text);
    if (gb_text_open(&command))
        write_command(command.stream, request, trial);
    char *text = gb_text_close(&command);
    if (text && !request->has_trial)
        gb_message_note("  alone: %s", text);
    free(text);
}

void gb_failed_trials_add(struct gb_failed_trials *failed, uint64_t trial, const char *reason)
{
    struct gb_failed_trial *items =
        gb_array_grow(failed->items, &failed->capacity, failed->n + 1, sizeof *items);
    /* a name in it may hold what no text in a result may */
    char *copy = strdup(gb_utf8_is_plain(reason, false) ? reason : "it failed");

    failed->items = items ? items : failed->items;
    failed->lacks_memory |= !items || !copy;
    if (!items || !copy)
        free(copy);
    else
        items[failed->n++] = (struct gb_failed_trial){trial, copy};
}

static int compare_trials(const void *a, const void *b)
{
    uint64_t x = ((const struct gb_failed_trial *)a)->trial,
             y = ((const struct gb_failed_trial *)b)->trial;

    return (x > y) - (x < y);
}

void gb_failed_trials_sort(struct gb_failed_trials *failed)
{
    if (failed->n > 1)
        qsort(failed->items, failed->n, sizeof *failed->items, compare_trials);
}

void gb_failed_trials_clear(struct gb_failed_trials *failed)
{
    for (size_t i = 0; i < failed->n; i++)
        free((char *)failed->items[i].reason);
    free(failed->items);
}
