/* Writing BOOK.csv, and a book read handed to a mechanism. */
#include "models/market/book_csv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

static void write_decimal(FILE *out, int64_t value, int decimals)
{
    char text[32];

    fputs(gb_format_decimal(value, decimals, text, sizeof text), out);
}

static void write_row(FILE *out, const struct gb_book_row *row, bool with_source)
{
    static const char *const source_words[] = {"any", "solar", "wind", "storage", "grid"};
    static const char *const type_words[] = {"limit", "market", "ioc"};
    const struct gb_order *order = &row->order;

    gb_csv_write_cell(out, row->id, GB_CSV_QUOTES_SAFE);
    if (row->is_cancel) {
        fputs(",,,,,", out);
        write_decimal(out, row->time_ns, 9);
        fprintf(out, ",%" PRIu32 ",%s,,,cancel\n", order->owner, with_source ? "," : "");
        return;
    }
    if (row->is_amendment) {
        fputs(",,", out);
        write_decimal(out, order->price.ticks, 6);
        fputc(',', out);
        write_decimal(out, order->quantity.wh, 3);
        fputs(",,", out);
        write_decimal(out, row->time_ns, 9);
        fprintf(out, ",%" PRIu32 ",%s,,,amend\n", order->owner, with_source ? "," : "");
        return;
    }
    fputs(order->side == GB_SELL ? ",sell," : ",buy,", out);
    write_decimal(out, order->price.ticks, 6);
    fputc(',', out);
    write_decimal(out, order->quantity.wh, 3);
    fputc(',', out);
    write_decimal(out, order->reserve.ticks, 6);
    fputc(',', out);
    write_decimal(out, row->time_ns, 9);
    fprintf(out, ",%" PRIu32 ",", order->owner);
    if (with_source)
        fprintf(out, "%s,", source_words[order->source]);
    if (order->beta_millionths != GB_BETA_OF_MARKET)
        write_decimal(out, order->beta_millionths, 6);
    fprintf(out, ",%s,", type_words[order->type]);
    write_decimal(out, order->minimum.wh, 3);
    fputs(",add\n", out);
}

enum gb_status gb_book_csv_write(FILE *out, size_t n, const struct gb_book_row *rows,
                                 bool with_source, struct gb_error *err)
{
    fprintf(out, "id,side,price,quantity,reserve,time,owner,%sbeta,type,minimum,action\n",
            with_source ? "source," : "");
    for (size_t i = 0; i < n && !ferror(out); i++)
        write_row(out, &rows[i], with_source);
    if (fflush(out) != 0 || ferror(out))
        return gb_fail(err, GB_EFILE, "cannot write the book: %s", strerror(errno));
    return GB_OK;
}

enum gb_status gb_book_csv_actions(const struct gb_book_csv *book, struct gb_book_action **actions,
                                   struct gb_error *err)
{
    uint32_t n_adds = 0;
    uint32_t *number = malloc((book->n + 1) * sizeof *number); /* of a row's order */
    struct gb_book_action *made = malloc((book->n + 1) * sizeof *made);

    if (!number || !made) {
        free(number);
        free(made);
        return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu orders", book->n);
    }
    for (size_t i = 0; i < book->n; i++) {
        const struct gb_book_row *row = &book->rows[i];

        made[i] = (struct gb_book_action){.order = row->order};
        if (row->is_cancel || row->is_amendment) { /* its order stands earlier */
            made[i].is_cancel = row->is_cancel;
            made[i].is_amendment = row->is_amendment;
            made[i].target = number[row->target];
        } else {
            number[i] = n_adds++;
        }
    }
    free(number);
    *actions = made;
    return GB_OK;
}
