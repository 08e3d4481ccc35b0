/* BOOK.csv: what is accepted, written again reads as the same rows. The first byte of the input
 * chooses what is allowed in the book. */
#include <string.h>

#include "models/market/book_csv.h"
#include "tests/fuzz/fuzz.h"

static void count(void *context, const char *message)
{
    FUZZ_HOLDS(message[0] != '\0');
    ++*(size_t *)context;
}

static struct gb_book_csv_options options_of(uint8_t bits)
{
    return (struct gb_book_csv_options){
        .with_slot = bits & 1,
        .sells_name_source = bits & 2,
        .no_grid = bits & 4,
        .no_minimum = bits & 8,
        .has_band = bits & 16,
        .band = {.retail = {590000}, .feed_in = {100000}},
        .longest_id = bits & 32 ? 31 : 0,
    };
}

/* Rows with an id a row of their own, as writing asks for. */
static void write_and_read(const struct gb_book_csv *book)
{
    const struct gb_book_csv_options options = {0};
    struct gb_book_csv *again;
    size_t n_diagnostics = 0, size;
    char *text;
    FILE *file = open_memstream(&text, &size);

    FUZZ_HOLDS(file && gb_book_csv_write(file, book->n, book->rows, true, NULL) == GB_OK);
    FUZZ_HOLDS(fclose(file) == 0);
    if (gb_book_csv_parse(&again, text, size, "again", &options, count, &n_diagnostics, NULL) ==
        GB_OK) {
        FUZZ_HOLDS(again->n == book->n);
        gb_book_csv_free(again);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const struct gb_book_csv_options options = options_of(n ? bytes[0] : 0);
    struct gb_book_action *actions;
    struct gb_book_csv *book;
    size_t n_diagnostics = 0;
    enum gb_status status;

    if (n == 0)
        return 0;
    status = gb_book_csv_parse(&book, (const char *)bytes + 1, n - 1, "fuzz.csv", &options, count,
                               &n_diagnostics, NULL);
    FUZZ_HOLDS((status == GB_EINPUT) == (n_diagnostics > 0));
    if (status != GB_OK)
        return 0;
    FUZZ_HOLDS(gb_book_csv_actions(book, &actions, NULL) == GB_OK);
    free(actions);
    if (!options.with_slot)
        write_and_read(book);
    gb_book_csv_free(book);
    return 0;
}

void fuzz_make_seeds(void)
{
    fuzz_seed_text("0id,side,price,quantity\nS1,sell,0.41,2\nB1,buy,0.53,4\n");
    fuzz_seed_text(" id,side,price,quantity,reserve,time,owner,source,beta,type,minimum,action\n"
                   "S1,sell,0.41,220,0.34,1.5,3,solar,0.1,limit,0,add\n"
                   "\"B,1\",buy,,400,0.58,2,4,any,,market,,add\nS1,sell,,,,3,3,,,,,cancel\n");
    fuzz_seed_text("!slot,id,side,price,quantity\n0,S1,sell,0.41,2\n1,S1,sell,0.41,2\n");
}
