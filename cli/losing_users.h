/* Why users lose who do: for each the causes of its loss, which add up to it. */
#ifndef CLI_LOSING_USERS_H
#define CLI_LOSING_USERS_H

#include <stddef.h>

#include "analysis/cell_users.h"

/* Prints what makes users lose, and the first `n_shown` of them. Nothing where nobody does. */
void gb_losing_users_print(const struct gb_user_comparison *users, size_t n, size_t n_shown);

#endif
