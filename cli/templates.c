#include "cli/templates.h"

#include <string.h>

/* made by cli/local.mk: my_strategy_c, my_strategy_py, my_strategy_R, gridbourse_env_py,
 * village_of_kinds_yaml */
#include "cli/templates.inc"

static const struct gb_template templates[] = {
    {"plugin", my_strategy_c},         {"python", my_strategy_py},         {"R", my_strategy_R},
    {"pettingzoo", gridbourse_env_py}, {"village", village_of_kinds_yaml}, {0}};

const struct gb_template *gb_template_find(const char *name)
{
    for (const struct gb_template *template_ = templates; template_->name; template_++)
        if (strcmp(template_->name, name) == 0)
            return template_;
    return NULL;
}
