#include "cli/arguments.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/number.h"
#include "base/quantity.h"
#include "cli/message.h"
#include "cli/wrap.h"

#define MAX_OPTIONS 32

enum {               /* what next_argument found when it is no option */
       OPERAND = -1, /* `value` is it */
       END = -2,
       HELP = -3,        /* --help was there and is printed */
       WRONG_OPTION = -4 /* and the reason is printed */
};

static void print_help(const struct gb_command *command, const struct gb_option *options)
{
    int column = printf("usage: gridbourse %s ", command->name);

    gb_wrap_print(command->usage, column, column, stdout);
    printf("\n%s.\n\n", command->summary);
    for (const struct gb_option *o = options; o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s%s%s", o->letter ? o->letter : "",
                 o->letter ? ", " : "    ", o->name, o->value ? " " : "", o->value ? o->value : "");
        column = printf("  %-24s ", left);
        gb_wrap_print(o->description, column, column, stdout);
    }
    printf("  %-24s %s\n", "-h, --help", "print this and stop");
}

static int unknown_option(const struct gb_arguments *arguments, const char *name)
{
    const char *names[MAX_OPTIONS + 2] = {"--help"};
    size_t n = 1;

    for (const struct gb_option *o = arguments->options; o->name && n <= MAX_OPTIONS; o++)
        names[n++] = o->name;
    const char *nearest = gb_nearest_word(name, names);
    if (nearest)
        gb_message_wrong_use(arguments->command, "%s: unknown option '%s' (did you mean '%s'?)",
                             arguments->command->name, name, nearest);
    else
        gb_message_wrong_use(arguments->command, "%s: unknown option '%s'",
                             arguments->command->name, name);
    return WRONG_OPTION;
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
        return WRONG_OPTION;
    }
    if (!equals && arguments->next + 1 < arguments->argc)
        arguments->value = arguments->argv[++arguments->next];
    if (arguments->value && arguments->value[0])
        return i;
    gb_message_wrong_use(arguments->command, "%s: option '%s' needs a value (%s)",
                         arguments->command->name, name, arguments->options[i].value);
    return WRONG_OPTION;
}

/* Index in `options` of the next option, or one of the names above. */
static int next_argument(struct gb_arguments *arguments)
{
    if (arguments->next + 1 >= arguments->argc)
        return END;
    const char *text = arguments->argv[++arguments->next];
    if (arguments->only_operands || text[0] != '-' || !text[1]) {
        arguments->value = text;
        return OPERAND;
    }
    if (strcmp(text, "--") == 0) {
        arguments->only_operands = true;
        return next_argument(arguments);
    }
    if (strcmp(text, "--help") == 0 || strcmp(text, "-h") == 0) {
        print_help(arguments->command, arguments->options);
        return HELP;
    }
    return read_option(arguments, text);
}

/* returns GB_EXIT_DONE, or the exit code to end with */
static int take_operand(struct gb_arguments *arguments, const char *noun, gb_option_taker *take,
                        void *request, const char **operand)
{
    if (arguments->operands == GB_OPERANDS_SEVERAL) {
        *operand = arguments->value;
        return take(request, arguments, GB_OPERAND);
    }
    if (*operand)
        return gb_message_wrong_use(arguments->command, "%s: one %s at a time, not '%s' as well",
                                    arguments->command->name, noun, arguments->value);
    *operand = arguments->value;
    return GB_EXIT_DONE;
}

bool gb_arguments_read(struct gb_arguments *arguments, const char *noun, gb_option_taker *take,
                       void *request, const char **operand, int *code)
{
    *operand = NULL;
    *code = GB_EXIT_DONE;
    for (int found; (found = next_argument(arguments)) != END;) {
        if (found == HELP)
            return false;
        if (found == WRONG_OPTION)
            *code = GB_EXIT_WRONG_USE;
        else if (found == OPERAND)
            *code = take_operand(arguments, noun, take, request, operand);
        else
            *code = take(request, arguments, found);
        if (*code != GB_EXIT_DONE)
            return false;
    }
    if (*operand || arguments->operands == GB_OPERANDS_ONE_AT_MOST)
        return true;
    *code =
        gb_message_wrong_use(arguments->command, "%s: which %s?", arguments->command->name, noun);
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
