#include "cli/arguments.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/quantity.h"
#include "cli/message.h"

#define MAX_OPTIONS 32

static void print_help(const struct gb_command *command, const struct gb_option *options)
{
    printf("usage: gridbourse %s %s\n\n%s.\n\n", command->name, command->usage, command->summary);
    for (const struct gb_option *o = options; o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s%s%s", o->letter ? o->letter : "",
                 o->letter ? ", " : "    ", o->name, o->value ? " " : "", o->value ? o->value : "");
        printf("  %-24s %s\n", left, o->description);
    }
    printf("  %-24s %s\n", "-h, --help", "print this and stop");
}

static int unknown_option(const struct gb_arguments *arguments, const char *name)
{
    const char *names[MAX_OPTIONS + 2] = {"--help"};
    size_t n = 1;

    for (const struct gb_option *o = arguments->options; o->name && n <= MAX_OPTIONS; o++)
        names[n++] = o->name;
    const char *nearest = gb_message_nearest(name, names);
    if (nearest)
        gb_message_wrong_use(arguments->command, "%s: unknown option '%s' (did you mean '%s'?)",
                             arguments->command->name, name, nearest);
    else
        gb_message_wrong_use(arguments->command, "%s: unknown option '%s'",
                             arguments->command->name, name);
    return GB_ARGUMENT_WRONG;
}

/* The option named by the first n characters of `text`, or -1. */
static int find_option(const struct gb_option *options, const char *text, size_t n)
{
    for (int i = 0; options[i].name; i++) {
        if (strlen(options[i].name) == n && memcmp(options[i].name, text, n) == 0)
            return i;
        if (options[i].letter && strlen(options[i].letter) == n &&
            memcmp(options[i].letter, text, n) == 0)
            return i;
    }
    return -1;
}

static int read_option(struct gb_arguments *arguments, const char *text)
{
    const char *equals = text[1] == '-' ? strchr(text, '=') : NULL;
    size_t n = equals ? (size_t)(equals - text) : strlen(text);
    int i = find_option(arguments->options, text, n);
    char name[64];

    snprintf(name, sizeof name, "%.*s", (int)n, text);
    if (i < 0)
        return unknown_option(arguments, name);
    arguments->value = equals ? equals + 1 : NULL;
    if (!arguments->options[i].value) {
        if (!equals)
            return i;
        gb_message_wrong_use(arguments->command, "%s: option '%s' takes no value",
                             arguments->command->name, name);
        return GB_ARGUMENT_WRONG;
    }
    if (!equals && arguments->next + 1 < arguments->argc)
        arguments->value = arguments->argv[++arguments->next];
    if (arguments->value && arguments->value[0])
        return i;
    gb_message_wrong_use(arguments->command, "%s: option '%s' needs a value (%s)",
                         arguments->command->name, name, arguments->options[i].value);
    return GB_ARGUMENT_WRONG;
}

int gb_arguments_next(struct gb_arguments *arguments)
{
    if (arguments->next + 1 >= arguments->argc)
        return GB_ARGUMENT_END;
    const char *text = arguments->argv[++arguments->next];
    if (arguments->only_operands || text[0] != '-' || !text[1]) {
        arguments->value = text;
        return GB_ARGUMENT_OPERAND;
    }
    if (strcmp(text, "--") == 0) {
        arguments->only_operands = true;
        return gb_arguments_next(arguments);
    }
    if (strcmp(text, "--help") == 0 || strcmp(text, "-h") == 0) {
        print_help(arguments->command, arguments->options);
        return GB_ARGUMENT_HELP;
    }
    return read_option(arguments, text);
}

bool gb_arguments_read(struct gb_arguments *arguments, const char *noun, gb_option_taker *take,
                       void *request, const char **operand, int *code)
{
    const char *name = arguments->command->name;

    *operand = NULL;
    *code = GB_EXIT_DONE;
    for (int found; (found = gb_arguments_next(arguments)) != GB_ARGUMENT_END;) {
        if (found == GB_ARGUMENT_HELP)
            return false;
        if (found == GB_ARGUMENT_WRONG)
            *code = GB_EXIT_WRONG_USE;
        else if (found != GB_ARGUMENT_OPERAND)
            *code = take(request, arguments, found);
        else if (*operand)
            *code =
                gb_message_wrong_use(arguments->command, "%s: one %s at a time, not '%s' as well",
                                     name, noun, arguments->value);
        else
            *operand = arguments->value;
        if (*code != GB_EXIT_DONE)
            return false;
    }
    if (*operand)
        return true;
    *code = gb_message_wrong_use(arguments->command, "%s: which %s?", name, noun);
    return false;
}

bool gb_arguments_number(const struct gb_arguments *arguments, int option, int64_t minimum,
                         int64_t maximum, int64_t *out)
{
    int64_t value;
    char hint[160];

    if (!strchr(arguments->value, '.') && gb_parse_decimal(arguments->value, 0, &value) &&
        value >= minimum && value <= maximum) {
        *out = value;
        return true;
    }
    gb_message_wrong_use(
        arguments->command,
        "%s: option '%s' expects a whole number from %" PRId64 " to %" PRId64 ", got '%s'%s%s",
        arguments->command->name, arguments->options[option].name, minimum, maximum,
        arguments->value, gb_number_hint(arguments->value, hint, sizeof hint) ? ": " : "", hint);
    return false;
}
