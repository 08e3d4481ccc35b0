/* Names for the orders of a slot, as a book of its own wants them: no two are one. */
#ifndef CLI_BOOK_IDS_H
#define CLI_BOOK_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/book_history.h"

#define GB_BOOK_ID_SIZE 64 /* a name of GB_NAME_SIZE and a number behind it */

struct gb_book_id {
    char text[GB_BOOK_ID_SIZE];
    bool is_numbered, is_shared; /* the number stands behind it; another order has it too */
};

/* Names every order after its user. Where that is no id yet (a meter sent several orders, or two
 * users go by one name), the order's number in the slot comes behind it.
 * ids  by number, as many as the history has orders */
enum gb_status gb_book_ids_make(struct gb_book_id *ids, const struct gb_book_history *history,
                                const struct gb_user_row *users, size_t n_users,
                                struct gb_error *err);

#endif
