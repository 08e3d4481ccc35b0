/* What `ledger verify`, `show` and `trace` share: exit codes, and words for what stands in a
 * block. */
#ifndef CLI_LEDGER_PRIV_H
#define CLI_LEDGER_PRIV_H

#include "chain/contracts/contracts.h"
#include "chain/ledger/ledger.h"
#include "chain/ledger/proof.h"
#include "cli/arguments.h"
#include "cli/command.h"

int gb_ledger_show(int argc, char **argv);  /* cli/ledger_show.c */
int gb_ledger_trace(int argc, char **argv); /* cli/ledger_trace.c */
int gb_ledger_proof(int argc, char **argv); /* cli/ledger_proof.c */
/* Adds to a proof every statement of a block, as its contracts stand behind it, that is asked for.
 */
enum gb_status gb_ledger_prove(struct gb_proof *proof, const struct gb_block *block,
                               const struct gb_contracts *contracts,
                               bool (*is_asked)(const void *context,
                                                const struct gb_statement *statement),
                               const void *context, struct gb_error *err);
/* Writes a proof, under the genesis that stands in the ledger, to a file. returns the exit code to
 * end with, its reason printed: a proof that cannot be written, or that states nothing, failed.
 */
int gb_ledger_write_proof(const struct gb_proof *proof, const char *ledger, const char *path);
/* Takes the value of --genesis. returns GB_EXIT_DONE, or wrong use, which is said; cli/ledger.c */
int gb_ledger_take_anchor(const struct gb_arguments *arguments, struct gb_hash *anchor,
                          bool *is_anchored);
#define GB_EVERY_SLOT INT64_C(-1)
/* cli/ledger_meter.c */
/* proof_path  where the proof of its bills goes, or NULL */
int gb_ledger_trace_meter(const char *path, uint32_t number, int64_t interval,
                          const char *proof_path);

/* Before a ledger is read: ends what a killed run left of it and its result (cli/pair.h), and says
 * where the result NAME.h5 beside NAME.ledger is of another run. */
void gb_ledger_meet(const char *path);
/* Prints why a ledger was refused. returns wrong use where it could not be read, else failed */
int gb_ledger_failure(const char *path, const struct gb_error *err);

/* ---- words; those that return text write it into `buffer`. 48 bytes are enough for a quantity */

char *gb_words_energy(struct gb_energy energy, char buffer[48]); /* "4.999 kWh" */
char *gb_words_price(struct gb_price price, char buffer[48]);    /* "0.45" */
char *gb_words_money(struct gb_money money, char buffer[48]);
char *gb_words_time(int64_t time_ns, char buffer[48]); /* "-00:10:00.000", "1 d 06:..." */
const char *gb_words_source(uint8_t source);           /* " of solar"; "" of any */
const char *gb_words_phase(uint8_t phase);

/* What a message says, in one line without a full stop: "sells 5 kWh of solar at 0.4, ...". */
void gb_words_print_message(const struct gb_message *message);
/* Is an event worth telling, or does its message's own receipt say it all? */
bool gb_words_is_told(const struct gb_contract_event *event);
void gb_words_print_event(const struct gb_contract_event *event); /* one that is shown */
/* Who certified: "checkpoint votes of validators 0, 1, 2 in view 0". */
void gb_words_print_certificate(const struct gb_certificate *certificate);
/* Who signed a message and its block, and the hashes of block and transaction. */
void gb_words_print_origin(const struct gb_block *block, size_t transaction, size_t message);
/* The siblings on the way to a root, with the side on which each stands. */
void gb_words_print_path(const struct gb_step *path, size_t n);
/* What is stated, in which block, and the way to its receipts root. */
void gb_words_print_inclusion(const struct gb_inclusion *inclusion);
/* Modelled signatures prove nothing: says so where they do not. */
void gb_words_print_warning(const struct gb_ledger_report *report);

#endif
