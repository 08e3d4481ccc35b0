/* A result and the ledger of the same run: both are replaced or neither is.
 *
 * Two files cannot take their names at one instant. So both are written to .part and to the disk
 * first, then a note beside each, PATH.pair, says which file is its other half and under which head
 * of the chain; then the result takes its name, which decides, then the ledger, and the notes go. A
 * program that is killed on the way leaves notes behind, and the next one that touches either file
 * ends the matter: where the result at its place has the head of the note the rest is finished,
 * where it has another head everything new is taken away. */
#ifndef CLI_PAIR_H
#define CLI_PAIR_H

#include "analysis/results.h"
#include "base/status.h"
#include "chain/ledger/ledger.h"

/* Gives a sealed result its name, and with it the sealed ledger, where there is one (else NULL).
 * Frees both. Where the ledger cannot follow the result, it stays as .part beside the notes. */
enum gb_status gb_pair_publish(struct gb_results_writer *result, struct gb_ledger_writer *ledger,
                               struct gb_error *err);
/* Ends what a killed run may have left of the pair to which the file at `path` belongs, and says so
 * on stderr. NULL: nothing is asked. */
void gb_pair_settle(const char *path);

/* Do a result and a ledger come from one run? GB_EREFUSED names the heads where they do not. */
enum gb_status gb_pair_check(const char *result_path, const struct gb_hash *result_head,
                             const char *ledger_path, const struct gb_hash *ledger_head,
                             struct gb_error *err);
/* Says on stderr where NAME.ledger stands beside the result NAME.h5 and comes from another run. */
void gb_pair_note_beside_result(const char *result_path, const struct gb_hash *head);
/* The same for the result NAME.h5 beside the ledger NAME.ledger. */
void gb_pair_note_beside_ledger(const char *ledger_path);

#endif
