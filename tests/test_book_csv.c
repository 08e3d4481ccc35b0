/* BOOK.csv: what is read, what is refused and how, and that what is written reads back. */
#include "models/market/book_csv.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

struct diagnostics {
    size_t n;
    char text[8192];
}; /* one a line */

static void record_diagnostic(void *context, const char *message)
{
    struct diagnostics *diagnostics = context;
    size_t used = strlen(diagnostics->text);

    diagnostics->n++;
    snprintf(diagnostics->text + used, sizeof diagnostics->text - used, "%s\n", message);
}

static struct diagnostics diagnostics;

static struct gb_book_csv *read_with(const char *text, const struct gb_book_csv_options *options,
                                     enum gb_status expected)
{
    struct gb_book_csv *book = NULL;
    struct gb_error err = {0};

    diagnostics = (struct diagnostics){0};
    EXPECT_INT(gb_book_csv_parse(&book, text, strlen(text), "b.csv", options, record_diagnostic,
                                 &diagnostics, &err),
               expected);
    if (expected == GB_OK && diagnostics.n > 0)
        tap_note("%s", diagnostics.text);
    return book;
}

static struct gb_book_csv *read_book(const char *text)
{
    static const struct gb_book_csv_options options;

    return read_with(text, &options, GB_OK);
}

/* `text` is refused, with exactly n diagnostics, one of which holds `description`. */
static void refuse_with(const char *text, const struct gb_book_csv_options *options, size_t n,
                        const char *description)
{
    EXPECT(read_with(text, options, GB_EINPUT) == NULL);
    if (!EXPECT_INT((int64_t)diagnostics.n, (int64_t)n) |
        !EXPECT(strstr(diagnostics.text, description) != NULL))
        tap_note("expected '%s', got:\n%s", description, diagnostics.text);
}

static void refuse(const char *text, size_t n, const char *description)
{
    static const struct gb_book_csv_options options;

    refuse_with(text, &options, n, description);
}

static void columns_go_by_name_and_numbers_are_exact(void)
{
    struct gb_book_csv *book =
        read_book("quantity,id,price,side,reserve,time,owner,source,beta,type,minimum,action\n"
                  "220,S1,0.41,sell,0.34,1.5,7,solar,0.25,limit,0.5,add\n"
                  "0.001,B1,0.000001,buy,2,2,0,any,,market,,\n");

    if (!EXPECT(book != NULL) || !EXPECT_INT((int64_t)book->n, 2))
        return;
    const struct gb_book_row *a = &book->rows[0], *b = &book->rows[1];
    EXPECT_TEXT(a->id, "S1");
    EXPECT_INT(a->order.side, GB_SELL);
    EXPECT_INT(a->order.quantity.wh, 220000);
    EXPECT_INT(a->order.price.ticks, 410000);
    EXPECT_INT(a->order.reserve.ticks, 340000);
    EXPECT_INT(a->order.owner, 7);
    EXPECT_INT(a->order.source, GB_SOURCE_SOLAR);
    EXPECT_INT(a->order.beta_millionths, 250000);
    EXPECT_INT(a->order.minimum.wh, 500);
    EXPECT_INT(a->time_ns, 1500000000);
    EXPECT_INT(b->order.quantity.wh, 1);
    EXPECT_INT(b->order.price.ticks, 1);
    EXPECT_INT(b->order.type, GB_ORDER_MARKET);
    EXPECT_INT(b->order.beta_millionths, GB_BETA_OF_MARKET);
    EXPECT_INT(b->order.minimum.wh, 0);
    EXPECT(!b->is_cancel && book->has_source && book->has_owner && !book->has_slot);
    gb_book_csv_free(book);
}

static void what_is_left_out_has_its_meaning(void)
{
    struct gb_book_csv *book = read_book("id,side,price,quantity\nx,buy,0.5,1\ny,sell,0.4,2\n");

    if (!EXPECT(book != NULL) || !EXPECT_INT((int64_t)book->n, 2))
        return;
    EXPECT_INT(book->rows[0].order.reserve.ticks, 500000);
    EXPECT_INT(book->rows[0].order.source, GB_SOURCE_ANY);
    EXPECT_INT(book->rows[0].order.owner, 0);
    EXPECT_INT(book->rows[1].order.owner, 1);
    EXPECT_INT(book->rows[1].time_ns, 0);
    gb_book_csv_free(book);
    book = read_book("id,side,price,quantity,reserve,type\nx,buy,,1,0.7,market\n");
    if (EXPECT(book != NULL))
        EXPECT_INT(book->rows[0].order.price.ticks, 700000);
    gb_book_csv_free(book);
    book = read_book("id,side,price,quantity\n");
    if (EXPECT(book != NULL))
        EXPECT_INT((int64_t)book->n, 0);
    gb_book_csv_free(book);
}

static void spreadsheets_quotes_blanks_and_comments_are_read(void)
{
    struct gb_book_csv *book =
        read_book("\xef\xbb\xbf# a book\r\n\r\n \"id\" ,side, price ,quantity\r\n"
                  "\"a, \"\"b\"\"\" , buy ,\t0.5 ,1\r\n   \r\n\r\n"
                  "\"two\nlines\",sell,+0.40,2.000\r\n"
                  "last,sell,.5,3.");

    if (!EXPECT(book != NULL) || !EXPECT_INT((int64_t)book->n, 3))
        return;
    EXPECT_TEXT(book->rows[0].id, "a, \"b\"");
    EXPECT_INT(book->rows[0].line, 4);
    EXPECT_TEXT(book->rows[1].id, "two\nlines");
    EXPECT_INT(book->rows[1].order.price.ticks, 400000);
    EXPECT_INT(book->rows[2].line, 9);
    EXPECT_INT(book->rows[2].order.quantity.wh, 3000);
    gb_book_csv_free(book);
}

static void behind_the_header_a_row_that_begins_with_a_hash_is_an_order(void)
{
    struct gb_book_csv *book = read_book("# a book\n \t# of five\nid,side,price,quantity\n"
                                         "#1,buy,0.5,1\n \t#2,buy,0.5,1\n\"#3\",buy,0.5,1\n"
                                         " \"# 4\",buy,0.5,1\n5#,buy,0.5,1\n");
    static const char *const ids[] = {"#1", "#2", "#3", "# 4", "5#"};

    if (!EXPECT(book != NULL) || !EXPECT_INT((int64_t)book->n, 5))
        return;
    for (size_t i = 0; i < 5; i++)
        EXPECT_TEXT(book->rows[i].id, ids[i]);
    EXPECT_INT(book->rows[0].line, 4);
    gb_book_csv_free(book);
    refuse("id,side,price,quantity\n# between\na,buy,0.5,1\n", 1,
           "b.csv:2:1: expected 4 cells, as in "
           "the header, got 1; comments (lines that begin with #) stand before the header only");
    book = read_book("side,id,price,quantity\nbuy,#1,0.5,1\n");
    if (EXPECT(book != NULL) && EXPECT_INT((int64_t)book->n, 1))
        EXPECT_TEXT(book->rows[0].id, "#1");
    gb_book_csv_free(book);
}

static void rows_go_by_time_and_then_by_place(void)
{
    struct gb_book_csv *book = read_book("id,side,price,quantity,time,action\n"
                                         "a,buy,1,1,5,\nb,buy,1,1,3,\nb,,,,4,cancel\n"
                                         "c,buy,1,1,3,add\n");
    struct gb_book_action *actions = NULL;

    if (!EXPECT(book != NULL) || !EXPECT_INT((int64_t)book->n, 4))
        return;
    EXPECT_TEXT(book->rows[0].id, "b");
    EXPECT_TEXT(book->rows[1].id, "c");
    EXPECT(book->rows[2].is_cancel);
    EXPECT_INT(book->rows[2].target, 0);
    EXPECT_INT(book->rows[2].order.owner, 1); /* b appeared second in the file */
    EXPECT_TEXT(book->rows[3].id, "a");
    EXPECT_INT(gb_book_csv_actions(book, &actions, NULL), GB_OK);
    EXPECT(actions && actions[2].is_cancel && actions[2].target == 0 && !actions[3].is_cancel);
    free(actions);
    gb_book_csv_free(book);
}

static void a_slot_column_belongs_to_orders_files(void)
{
    const struct gb_book_csv_options options = {.with_slot = true};
    const char *text = "id,side,price,quantity,slot,time\n"
                       "x,buy,1,1,2,0\ny,buy,1,1,0,9\nx,sell,1,1,0,9\n";
    struct gb_book_csv *book = read_with(text, &options, GB_OK);

    if (EXPECT(book != NULL) && EXPECT_INT((int64_t)book->n, 3)) {
        EXPECT_TEXT(book->rows[0].id, "y");
        EXPECT_INT(book->rows[2].slot, 2);
        EXPECT_INT(book->rows[1].order.owner, 0); /* one id, one owner, in every slot */
        EXPECT_INT(book->rows[2].order.owner, 0);
    }
    gb_book_csv_free(book);
    refuse(text, 2, "b.csv:1:24: column 'slot' belongs to orders.file");
    refuse_with("id,side,price,quantity,slot\nx,buy,1,1,1\nx,buy,1,1,1\n", &options, 1,
                "b.csv:3:1: id: 'x' is already the order of line 2");
}

static void every_mistake_is_named_at_once_with_its_place(void)
{
    refuse("id,side,price,quantity,reserv\n"
           "a,sell,nan,1,\n"
           "b,sel,0.5,-1,\n"
           "a,buy,0.1234567,0.0001,\n"
           "c,buy,1e3,99999999999999999999,\n"
           "d,buy,0.5\n"
           ",buy,,0,\n",
           13, "b.csv:1:24: unknown column 'reserv' (did you mean 'reserve'?)");
    const char *const descriptions[] = {
        "b.csv:2:8: price: expected a price in currency per kWh as a plain decimal, got 'nan'",
        "b.csv:3:3: side: expected buy or sell, got 'sel'",
        "b.csv:3:11: quantity: expected a quantity in kWh from 0.001 to 1000000000, got '-1'",
        "b.csv:4:1: id: 'a' is already the order of line 2",
        "b.csv:4:7: price: expected a price in currency per kWh with at most 6 decimals (a tick is "
        "0.000001), got '0.1234567'",
        "b.csv:4:17: quantity: expected a quantity in kWh with at most 3 decimals",
        "b.csv:5:7: price: expected a price in currency per kWh as a plain decimal, got '1e3'",
        "b.csv:5:11: quantity: expected a quantity in kWh from",
        "b.csv:6:1: expected 5 cells, as in the header, got 3",
        "b.csv:7:1: id: expected the name of an order, got nothing",
        "b.csv:7:6: price: expected a price in currency per kWh as a plain decimal, got nothing",
    };
    for (size_t i = 0; i < sizeof descriptions / sizeof descriptions[0]; i++)
        if (!EXPECT(strstr(diagnostics.text, descriptions[i]) != NULL))
            tap_note("expected '%s', got:\n%s", descriptions[i], diagnostics.text);
}

static void the_header_must_have_what_every_order_has(void)
{
    refuse("", 1, "expected a header line, got an empty file");
    refuse(
        "S1,sell,0.4,1\nB1,buy,0.5,1\n", 1,
        "b.csv:1:1: the first line is no header: expected the "
        "names of the columns (id,side,price,quantity and what else is there, without # in front), "
        "got 'S1' and so on");
    refuse("#id,side,price,quantity\nS1,sell,0.4,1\n", 1, "b.csv:2:1: the first line is no header");
    refuse("nonsense\n", 1, "b.csv:1:1: the first line is no header");
    refuse("ID,Side,Price,Quantity\nS1,sell,0.4,1\n", 8,
           "unknown column 'Side' (did you mean 'side'?)");
    refuse("id,side,price,quantity,owner\na,buy,1,1,1.000\n", 1,
           "got '1.000': 1000 with a mark of "
           "thousands and 1.000 with a decimal point: write one of them");
    refuse("id,side,price\na,buy,1\n", 1, "b.csv:1:1: the column 'quantity' is missing");
    refuse("id,side,price,quantity,price\na,buy,1,1,1\n", 1, "column 'price' stands here twice");
    refuse("id,side,price,quantity,wat\na,buy,1,1,\n", 1, "unknown column 'wat'; expected id");
    refuse("id,side,price\nx,bye,1e0\n", 3, "b.csv:2:3: side: expected buy or sell, got 'bye'");
}

static void what_must_hold_between_cells_is_checked(void)
{
    const struct gb_book_csv_options band = {.has_band = true,
                                             .band = {.retail = {590000}, .feed_in = {310000}}};
    const struct gb_book_csv_options no_minimum = {.no_minimum = true};
    const struct gb_book_csv_options sources = {.sells_name_source = true};
    const struct gb_book_csv_options no_grid = {.no_grid = true};
    const struct gb_book_csv_options short_ids = {.longest_id = 3};

    refuse("id,side,price,quantity,reserve\na,sell,0.4,1,0.5\n", 1,
           "an ask that is not below its reserve");
    refuse("id,side,price,quantity,reserve\na,buy,0.6,1,0.5\n", 1,
           "a bid that is not above its reserve");
    refuse("id,side,price,quantity,minimum\na,buy,0.6,1,1.5\n", 1, "a minimum that is not above");
    refuse("id,side,price,quantity\na,buy,1000000,1000000000\n", 1, "costs less than 9 billion");
    refuse_with("id,side,price,quantity\na,buy,0.6,1\nb,sell,0.3,1\n", &band, 2,
                "b.csv:2:7: price: expected a price within the band of feed-in 0.31 to retail");
    refuse_with("id,side,price,quantity,minimum\na,buy,0.6,1,0.5\nb,buy,0.6,1,0\n", &no_minimum, 1,
                "b.csv:2:13: minimum: expected 0 or nothing");
    refuse_with("id,side,price,quantity,source\n"
                "a,sell,1,1,any\nb,sell,1,1,\nc,sell,1,1,sun\nd,buy,1,1,\n",
                &sources, 3, "b.csv:2:12: source: expected solar, wind, storage or grid");
    refuse_with("id,side,price,quantity,source\na,sell,1,1,grid\nb,buy,1,1,grid\nc,buy,1,1,any\n",
                &no_grid, 2,
                "b.csv:2:12: source: expected any or solar or wind or storage, got 'grid'");
    refuse_with("id,side,price,quantity\nabcd,sell,1,1\n", &short_ids, 1,
                "expected at most 3 bytes");
    refuse("id,side,price,quantity,beta,type,owner,time\na,buy,1,1,1.5,stop,-1,-2\n", 4,
           "b.csv:2:11: beta: expected a factor from 0 to 1, got '1.5'");
    refuse("id,side,price,quantity\n\"a,buy,1,1\n", 1,
           "b.csv:2:1: a quote opens here and never closes");
    refuse("id,side,price,quantity\n\"a\"b,buy,1,1\n", 1,
           "expected a comma behind the closing quote");
}

static void the_price_of_a_market_order_counts_for_nothing(void)
{
    const struct gb_book_csv_options band = {.has_band = true,
                                             .band = {.retail = {590000}, .feed_in = {310000}}};
    struct gb_book_csv *book = read_with(
        "id,side,price,quantity,reserve,type\n"
        "beyond the band,sell,0.65,1,0.5,market\nbelow the band,buy,0,1,0.5,market\n"
        "above the reserve,buy,0.55,1,0.5,market\nbelow the reserve,sell,0.4,1,0.5,market\n"
        "dear,buy,1000000,1000000000,0.5,market\n",
        &band, GB_OK);

    if (EXPECT(book != NULL) && EXPECT_INT((int64_t)book->n, 5))
        for (size_t i = 0; i < book->n; i++)
            EXPECT_INT(book->rows[i].order.reserve.ticks, 500000);
    gb_book_csv_free(book);
    refuse_with("id,side,price,quantity,reserve,type\na,sell,0.5,1,0.65,market\n", &band, 1,
                "b.csv:2:14: reserve: expected a price within the band");
    refuse_with("id,side,price,quantity,type\na,sell,0.65,1,market\n", &band, 1,
                "b.csv:2:8: price: expected a price within the band"); /* it is the reserve */
    refuse("id,side,price,quantity,reserve,type\na,sell,cheap,1,0.5,market\n", 1,
           "b.csv:2:8: price: expected a price in currency per kWh as a plain decimal");
    refuse("id,side,price,quantity,reserve,type\na,buy,0,1000000000,1000000,market\n", 1,
           "costs less than 9 billion");
}

static void a_cancel_needs_an_earlier_order(void)
{
    refuse("id,side,price,quantity,action\na,buy,1,1,\nb,,,,cancel\n", 1,
           "b.csv:3:1: cancels 'b', but no order has this id");
    refuse("id,side,price,quantity,action\na,,,,cancel\na,buy,1,1,add\n", 1,
           "b.csv:2:1: cancels 'a' before it was sent (line 3)");
    refuse("id,side,price,quantity,action,time\na,buy,1,1,add,5\na,,,,cancel,4\n", 1,
           "before it was sent");
    refuse("id,side,price,quantity,action\na,buy,1,1,remove\n", 1,
           "expected add or cancel, got 'remove'");
}

/* ---- somebody else's file */

static void ignore_what_is_told(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static struct gb_book_csv *read_foreign(const char *text, const char *unit, const char *step,
                                        const char *clock)
{
    struct gb_book_foreign foreign = {0};
    const struct gb_book_csv_options options = {.foreign = &foreign, .tell = ignore_what_is_told};
    char why[128];

    EXPECT(gb_book_foreign_unit(&foreign, unit, why, sizeof why));
    EXPECT(!step || gb_book_foreign_round(&foreign, step, why, sizeof why));
    EXPECT(gb_book_foreign_clock(&foreign, clock, why, sizeof why));
    return read_with(text, &options, GB_OK);
}

static void prices_and_energy_of_other_files_are_rounded_half_to_even(void)
{
    static const int64_t ticks[] = {0, 20000, 0, -20000, -20000, 1000000};
    static const int64_t wh[] = {2, 2, 4, 1, 1000000, 1000000000000};
    struct gb_book_csv *book = read_foreign("id,side,price,quantity\n"
                                            "a,buy,0.005,0.0015\n"
                                            "b,buy,0.015,0.0025\n"
                                            "c,buy,-0.005,0.0035\n"
                                            "d,buy,-0.015,0.00050001\n"
                                            "e,buy,-0.025,1E3\n"
                                            "f,buy,1.00499999999999999,1e9\n",
                                            "kWh", "1e-2", "seconds");

    if (!EXPECT(book != NULL))
        return;
    for (size_t i = 0; i < 6; i++) {
        EXPECT_INT(book->rows[i].order.price.ticks, ticks[i]);
        EXPECT_INT(book->rows[i].order.quantity.wh, wh[i]);
    }
    gb_book_csv_free(book);
}

static void units_scale_energy_and_prices_and_times_count_from_the_first(void)
{
    struct gb_book_csv *book = read_foreign("id,side,price,quantity,reserve,time\n"
                                            "a,offer,0.0004,1500,0.0003,1780308005.25\n"
                                            "b,BID,0.000000001,1,,1780308003\n",
                                            "Wh", NULL, "unix");

    if (!EXPECT(book != NULL))
        return;
    const struct gb_book_row *first = &book->rows[0], *second = &book->rows[1];
    EXPECT_TEXT(first->id, "b");
    EXPECT_INT(first->order.side, GB_BUY);
    EXPECT_INT(first->order.price.ticks, 1);
    EXPECT_INT(first->time_ns, 0);
    EXPECT_INT(second->order.side, GB_SELL);
    EXPECT_INT(second->order.price.ticks, 400000);
    EXPECT_INT(second->order.reserve.ticks, 300000);
    EXPECT_INT(second->order.quantity.wh, 1500);
    EXPECT_INT(second->time_ns, INT64_C(2250000000));
    gb_book_csv_free(book);
}

static void binary_files_and_missing_files_are_refused(void)
{
    static const struct gb_book_csv_options options;
    const char binary[] = "id,side\0,price";
    struct gb_book_csv *book = NULL;
    struct gb_error err = {0};

    diagnostics = (struct diagnostics){0};
    EXPECT_INT(gb_book_csv_parse(&book, binary, sizeof binary - 1, "b", &options, record_diagnostic,
                                 &diagnostics, &err),
               GB_EINPUT);
    EXPECT(strstr(diagnostics.text, "NUL") != NULL);
    EXPECT_INT(
        gb_book_csv_read(&book, "/no/such/book", &options, record_diagnostic, &diagnostics, &err),
        GB_EFILE);
    EXPECT(strstr(err.text, "/no/such/book") != NULL);
    EXPECT(book == NULL);
}

static bool same_row(const struct gb_book_row *a, const struct gb_book_row *b)
{
    const struct gb_order *x = &a->order, *y = &b->order;

    if (strcmp(a->id, b->id) != 0 || a->time_ns != b->time_ns || a->is_cancel != b->is_cancel ||
        x->owner != y->owner)
        return false;
    return a->is_cancel ||
           (x->side == y->side && x->type == y->type && x->source == y->source &&
            x->quantity.wh == y->quantity.wh && x->minimum.wh == y->minimum.wh &&
            x->price.ticks == y->price.ticks && x->reserve.ticks == y->reserve.ticks &&
            x->beta_millionths == y->beta_millionths);
}

static void what_is_written_reads_back(void)
{
    struct gb_book_row rows[] = {
        {.id = "plain",
         .time_ns = 1,
         .order = {.owner = 3,
                   .side = GB_SELL,
                   .source = GB_SOURCE_WIND,
                   .quantity = {1234},
                   .price = {450001},
                   .reserve = {400000},
                   .beta_millionths = 0}},
        {.id = "with, \"all\"\nof it",
         .time_ns = 1500000000,
         .order = {.owner = 9,
                   .side = GB_BUY,
                   .type = GB_ORDER_MARKET,
                   .quantity = {1},
                   .minimum = {1},
                   .price = {7},
                   .reserve = {8},
                   .beta_millionths = GB_BETA_OF_MARKET}},
        {.id = "# no comment",
         .time_ns = 1500000000,
         .order = {.owner = 1,
                   .side = GB_BUY,
                   .quantity = {5000},
                   .price = {0},
                   .reserve = {1000000},
                   .beta_millionths = 1000000}},
        {.id = "plain", .time_ns = 2000000000, .is_cancel = true, .order = {.owner = 3}},
    };
    const size_t n = sizeof rows / sizeof rows[0];

    for (int with_source = 0; with_source < 2; with_source++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);

        if (!EXPECT(out != NULL))
            return;
        rows[0].order.source = with_source ? GB_SOURCE_WIND : GB_SOURCE_ANY;
        EXPECT_INT(gb_book_csv_write(out, n, rows, with_source, NULL), GB_OK);
        fclose(out);
        struct gb_book_csv *book = read_book(text);
        if (EXPECT(book != NULL) && EXPECT_INT((int64_t)book->n, (int64_t)n)) {
            for (size_t i = 0; i < n; i++)
                if (!EXPECT(same_row(&book->rows[i], &rows[i])))
                    tap_note("row %zu of\n%s", i, text);
            EXPECT_INT(book->has_source, with_source);
        }
        gb_book_csv_free(book);
        free(text);
    }
}

static void a_stream_that_fails_is_told(void)
{
    FILE *full = fopen("/dev/full", "w");
    struct gb_book_row row = {.id = "a", .order = {.quantity = {1}}};
    struct gb_error err = {0};

    if (!full) {
        tap_skip("no /dev/full here");
        return;
    }
    EXPECT_INT(gb_book_csv_write(full, 1, &row, false, &err), GB_EFILE);
    EXPECT(strstr(err.text, "cannot write") != NULL);
    fclose(full);
}

/* Bytes of two sound books are dropped, doubled and overwritten, 20000 times over. */
static void mangled_books_are_read_or_complained_of_and_never_both(void)
{
    static const char *const sound[] = {
        "id,side,price,quantity,reserve,time,owner,source,beta,type,minimum,action,slot\n"
        "S1,sell,0.41,220,0.34,1.5,7,solar,0.25,limit,0.5,add,0\n"
        "\"B,1\",buy,0.5,2,,2,0,any,,market,,,1\nS1,,,,,9,7,,,,,cancel,0\n# c\r\n",
        "id,side,price,quantity\n\"a\"\"b\",buy,1,1\r\nx,sell,.5,3.\n"};
    static const char bytes[] = ",\n\r\"-.#0919x e";
    const struct gb_book_csv_options options = {.with_slot = true, .longest_id = 31};
    uint64_t random = 20261123;
    size_t n_read = 0;

    for (int round = 0; round < 20000; round++) {
        char text[512];
        struct gb_book_csv *book = NULL;
        struct gb_error err = {0};

        strcpy(text, sound[round % 2]);
        for (int change = 0; change <= round % 5; change++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            size_t n = strlen(text), at = (random >> 33) % n;

            if (random >> 62 == 0)
                memmove(text + at, text + at + 1, n - at);
            else if (random >> 62 == 1)
                memmove(text + at + 1, text + at, n - at + 1);
            else
                text[at] = bytes[(random >> 20) % (sizeof bytes - 1)];
        }
        diagnostics = (struct diagnostics){0};
        enum gb_status status = gb_book_csv_parse(&book, text, strlen(text), "m", &options,
                                                  record_diagnostic, &diagnostics, &err);
        n_read += status == GB_OK;
        if (!EXPECT((status == GB_OK && book && diagnostics.n == 0) ||
                    (status == GB_EINPUT && !book && diagnostics.n > 0)))
            tap_note("book:\n%s", text);
        gb_book_csv_free(book);
    }
    EXPECT(n_read > 100 && n_read < 19000);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(columns_go_by_name_and_numbers_are_exact),
        TAP(what_is_left_out_has_its_meaning),
        TAP(spreadsheets_quotes_blanks_and_comments_are_read),
        TAP(behind_the_header_a_row_that_begins_with_a_hash_is_an_order),
        TAP(rows_go_by_time_and_then_by_place),
        TAP(a_slot_column_belongs_to_orders_files),
        TAP(every_mistake_is_named_at_once_with_its_place),
        TAP(the_header_must_have_what_every_order_has),
        TAP(what_must_hold_between_cells_is_checked),
        TAP(the_price_of_a_market_order_counts_for_nothing),
        TAP(a_cancel_needs_an_earlier_order),
        TAP(prices_and_energy_of_other_files_are_rounded_half_to_even),
        TAP(units_scale_energy_and_prices_and_times_count_from_the_first),
        TAP(binary_files_and_missing_files_are_refused),
        TAP(what_is_written_reads_back),
        TAP(a_stream_that_fails_is_told),
        TAP(mangled_books_are_read_or_complained_of_and_never_both),
        {0}};
    return tap_main("book_csv", tests);
}
