/* gridbourse list: the interchangeable parts, each with its summary; and keys of a scenario. */
#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"
#include "chain/node/chain.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/wrap.h"
#include "experiments/scenario/scenario.h"
#include "experiments/sweep/sweep_words.h"
#include "models/agents/strategy.h"
#include "models/assets/controller.h"
#include "models/assets/load.h"
#include "models/assets/physics.h"
#include "models/fit/fit.h"
#include "models/market/mechanism.h"

static void print_part(const char *name, const char *summary)
{
    int column = printf("  %-20s ", name);

    gb_wrap_print(summary, column, 23, stdout);
}

static void list_members(const struct gb_family *family)
{
    const struct gb_member *member;

    for (size_t i = 0; (member = gb_family_member(family, gb_program_extensions(), i)); i++)
        print_part(member->name, member->summary);
}

static void list_strategies(void)
{
    list_members(&gb_strategy_family);
}

static void list_protocols(void)
{
    list_members(&gb_protocol_family);
}

static void list_mechanisms(void)
{
    list_members(&gb_mechanism_family);
}

static void list_providers(void)
{
    list_members(&gb_physics_family);
}

static void list_loads(void)
{
    list_members(&gb_load_family);
}

static void list_controllers(void)
{
    list_members(&gb_controller_family);
}

static void list_estimators(void)
{
    list_members(&gb_estimator_family);
}

static void list_flows(void)
{
    list_members(&gb_flow_family);
}

static void list_delays(void)
{
    const struct gb_member *member;
    char example[128];

    for (size_t i = 0; (member = gb_family_member(&gb_delay_family, gb_program_extensions(), i));
         i++)
        print_part(gb_param_example(member, example, sizeof example), member->summary);
}

static void list_key(const char *key, const char *default_text, const char *description)
{
    gb_wrap_print(description, printf("  %-34s %-20s ", key, default_text), 6, stdout);
}

static void list_section(const struct gb_section *section)
{
    char key[128];

    for (const struct gb_param *row = section->rows; row->key; row++) {
        snprintf(key, sizeof key, "%s.%s.%s", section->name, section->placeholder, row->key);
        list_key(key, row->default_text, row->description);
    }
}

static void list_keys(void)
{
    char when[160], text[512];

    for (size_t i = 0; i < gb_scenario_n_rows(gb_program_extensions()); i++) {
        const struct gb_param *row = gb_scenario_row(gb_program_extensions(), i);

        if (gb_scenario_row_is_repeated(gb_program_extensions(), i))
            continue;
        snprintf(text, sizeof text, "%s%s", row->description,
                 gb_scenario_read_when(row, when, sizeof when));
        list_key(row->key, row->default_text, text);
    }
    for (size_t s = 0; s < GB_N_SECTIONS; s++)
        list_section(gb_sections[s]);
}

static void list_sweep(void)
{
    char takes[512];

    for (const struct gb_sweep_word *word = gb_sweep_words; word->key; word++) {
        int column = printf("  %-14s ", word->key);

        gb_wrap_print(gb_sweep_word_describe(word, takes, sizeof takes), column, 6, stdout);
    }
}

static const struct family {
    const char *name, *summary;
    void (*list)(void);
} families[] = {
    {"strategies", "how agents quote (agents.strategy)", list_strategies},
    {"mechanisms", "how orders become trades (market.mechanism)", list_mechanisms},
    {"protocols", "how validators agree (chain.protocol)", list_protocols},
    {"flows", "message flows of pbft (chain.flow)", list_flows},
    {"delays", "delay distributions (chain.delay, chain.client_delay, agents.reaction)",
     list_delays},
    {"providers", "where weather and load come from", list_providers},
    {"loads", "what makes the loads of homes (load.model)", list_loads},
    {"controllers", "how batteries are run (storage.controller)", list_controllers},
    {"estimators", "what `gridbourse fit` estimates (--model)", list_estimators},
    {"sweep", "words of a sweep file with what they take", list_sweep},
    {"keys", "keys of a scenario with their defaults", list_keys},
};
enum { N_FAMILIES = sizeof families / sizeof families[0] };

enum { OPTION_MARKDOWN };
static const struct gb_option options[] = {
    [OPTION_MARKDOWN] = {"--markdown", NULL, NULL,
                         "with keys or sweep: the reference page (doc/scenario.md, doc/sweep.md)"},
    {0},
};

static const struct family *find_family(const char *name)
{
    for (size_t i = 0; i < N_FAMILIES; i++)
        if (strcmp(families[i].name, name) == 0)
            return &families[i];
    return NULL;
}

static int unknown_family(const char *name)
{
    const char *names[N_FAMILIES + 1] = {NULL};

    for (size_t i = 0; i < N_FAMILIES; i++)
        names[i] = families[i].name;
    const char *nearest = gb_nearest_word(name, names);
    if (nearest)
        return gb_message_wrong_use(&gb_command_list,
                                    "list: there are no '%s' (did you mean '%s'?)", name, nearest);
    return gb_message_wrong_use(&gb_command_list, "list: there are no '%s'", name);
}

static void list_everything(void)
{
    for (size_t i = 0; i < N_FAMILIES; i++) {
        printf("%s%s: %s\n", i > 0 ? "\n" : "", families[i].name, families[i].summary);
        if (families[i].list != list_keys)
            families[i].list();
    }
}

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    bool *is_markdown = context;

    (void)arguments, (void)option; /* it has one */
    *is_markdown = true;
    return GB_EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {.command = &gb_command_list,
                                     .options = options,
                                     .operands = GB_OPERANDS_ONE_AT_MOST,
                                     .argc = argc,
                                     .argv = argv};
    bool is_markdown = false;
    const char *name;
    int code;

    if (!gb_arguments_read(&arguments, "kind", take_option, &is_markdown, &name, &code))
        return code;
    const struct family *family = name ? find_family(name) : NULL;
    if (name && !family)
        return unknown_family(name);
    bool has_page = family && (family->list == list_keys || family->list == list_sweep);
    if (is_markdown && !has_page)
        return gb_message_wrong_use(&gb_command_list, "list: --markdown goes with keys or sweep");
    if (is_markdown && family->list == list_sweep)
        gb_sweep_reference(stdout);
    else if (is_markdown)
        gb_scenario_reference(stdout, gb_program_extensions());
    else if (family)
        family->list();
    else
        list_everything();
    return GB_EXIT_DONE;
}

const struct gb_command gb_command_list = {
    "list", "[strategies|mechanisms|protocols|flows|delays|providers|sweep|keys [--markdown]]",
    "list the interchangeable parts, or the keys of a scenario", run};
