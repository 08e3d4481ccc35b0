/* Bins stand in the order of their values as one text of bytes, each by its distance from the one
 * before: half a million latencies of orders take hardly 3 bytes each. What is added waits until
 * there is enough of it to be sorted and merged into that text. */
#include "sim/histogram.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/radix.h"

#define MIN_WAITING 64
#define MAX_WAITING (1 << 14)
#define MOST_WEIGHT (INT64_MAX / 100)
#define MAX_CODED 19 /* bytes of a bin: 10 of its distance, 9 of a weight below 2^63 / 100 */
#define SIGN (UINT64_C(1) << 63)

struct gb_histogram {
    uint8_t *text;         /* of n bins */
    size_t size, capacity; /* bytes */
    size_t n;
    struct gb_radix_item *waiting; /* value and weight, as they came */
    size_t n_waiting, waiting_capacity;
    unsigned shift; /* trailing bits that do not tell bins apart */
    int64_t weight;
};

/* A value is unsigned here, in the order of the signed ones. */
struct bin {
    uint64_t largest;
    int64_t weight;
};

enum gb_status gb_histogram_create(struct gb_histogram **out, struct gb_error *err)
{
    struct gb_histogram *histogram = calloc(1, sizeof *histogram);

    if (!histogram)
        return gb_fail(err, GB_ENOMEM, "no memory for a histogram");
    *out = histogram;
    return GB_OK;
}

void gb_histogram_free(struct gb_histogram *histogram)
{
    if (!histogram)
        return;
    free(histogram->text);
    free(histogram->waiting);
    free(histogram);
}

/* ---- the text: 6 bits of the distance, whether the weight is more than 1, whether a byte follows;
 * 7 bits of the distance a byte, the last without its highest bit; the weight, 7 bits a byte */

static uint8_t *put_number(uint8_t *at, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *at++ = (uint8_t)(number | 0x80);
    *at++ = (uint8_t)number;
    return at;
}

static const uint8_t *read_number(const uint8_t *at, uint64_t *number)
{
    *number = *at & 0x7f;
    for (unsigned bits = 7; *at++ & 0x80; bits += 7)
        *number |= (uint64_t)(*at & 0x7f) << bits;
    return at;
}

static uint8_t *put_bin(uint8_t *at, uint64_t distance, int64_t weight)
{
    bool is_heavy = weight > 1, is_far = distance >= 0x40;

    *at++ = (uint8_t)((distance & 0x3f) | (is_heavy ? 0x40u : 0) | (is_far ? 0x80u : 0));
    if (is_far)
        at = put_number(at, distance >> 6);
    return is_heavy ? put_number(at, (uint64_t)weight) : at;
}

static const uint8_t *read_bin(const uint8_t *at, struct bin *bin)
{
    uint8_t first = *at++;
    uint64_t number = 0;

    bin->largest += first & 0x3f;
    bin->weight = 1;
    if (first & 0x80) {
        at = read_number(at, &number);
        bin->largest += number << 6;
    }
    if (first & 0x40) {
        at = read_number(at, &number);
        bin->weight = (int64_t)number;
    }
    return at;
}

/* ---- bins of the text and of what waits, one after the other by value */

struct stream {
    const uint8_t *text, *end;
    const struct gb_radix_item *waiting, *last;
    struct bin coded; /* the next of the text, where there is one */
    bool has_coded;
};

static void read_next(struct stream *stream)
{
    stream->has_coded = stream->text < stream->end;
    if (stream->has_coded)
        stream->text = read_bin(stream->text, &stream->coded);
}

/* text  of the histogram's bins, wherever it stands; what waits is sorted */
static struct stream stream_of(const struct gb_histogram *histogram, const uint8_t *text)
{
    struct stream stream = {.text = text,
                            .end = text + histogram->size,
                            .waiting = histogram->waiting,
                            .last = histogram->waiting + histogram->n_waiting};

    read_next(&stream);
    return stream;
}

/* The least of what is left, or false. */
static bool take(struct stream *stream, struct bin *out)
{
    if (stream->waiting == stream->last ||
        (stream->has_coded && stream->coded.largest <= stream->waiting->key)) {
        if (!stream->has_coded)
            return false;
        *out = stream->coded;
        read_next(stream);
        return true;
    }
    *out = (struct bin){stream->waiting->key, (int64_t)stream->waiting->value};
    stream->waiting++;
    return true;
}

/* ---- merging */

/* How many values differ in more than the last `shift` bits. */
static size_t distinct(const struct gb_histogram *histogram, unsigned shift)
{
    struct stream stream = stream_of(histogram, histogram->text);
    struct bin bin = {0};
    uint64_t last = 0;
    size_t n = 0;

    while (take(&stream, &bin)) {
        n += n == 0 || bin.largest >> shift != last >> shift;
        last = bin.largest;
    }
    return n;
}

/* The text is written over itself: read from where it cannot be reached, `room` bytes on. */
static void merge(struct gb_histogram *histogram, size_t room)
{
    uint8_t *moved = memmove(histogram->text + room, histogram->text, histogram->size);
    struct stream stream = stream_of(histogram, moved);
    struct bin bin = {0}, next = {0};
    uint8_t *at = histogram->text;
    uint64_t before = 0;
    bool has_next = take(&stream, &next);

    histogram->n = 0;
    while (has_next) {
        bin = next;
        while ((has_next = take(&stream, &next)) &&
               next.largest >> histogram->shift == bin.largest >> histogram->shift)
            bin = (struct bin){next.largest, bin.weight + next.weight};
        at = put_bin(at, bin.largest - before, bin.weight);
        assert(at <= stream.text);
        before = bin.largest;
        histogram->n++;
    }
    histogram->size = (size_t)(at - histogram->text);
    histogram->n_waiting = 0;
}

/* Bytes by which writing may be ahead of reading: what waits is new, and two bins that become one
 * may take a byte more than they did, for their weight. */
static size_t room_of(const struct gb_histogram *histogram, size_t n_waiting)
{
    return MAX_CODED * n_waiting + (histogram->n + n_waiting) / 2;
}

/* Sorts what waits by way of the room behind the text, which is larger. */
static void sort_waiting(struct gb_histogram *histogram)
{
    size_t start = (histogram->size + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1);

    assert(start + histogram->n_waiting * sizeof *histogram->waiting <= histogram->capacity);
    gb_radix_sort(histogram->waiting, (struct gb_radix_item *)(void *)(histogram->text + start),
                  histogram->n_waiting);
}

/* Merges what waits; by as many bits less as there are too many bins. */
static void fold(struct gb_histogram *histogram)
{
    size_t room = room_of(histogram, histogram->n_waiting);

    if (histogram->n_waiting == 0)
        return;
    sort_waiting(histogram);
    if (histogram->n + histogram->n_waiting > GB_HISTOGRAM_BINS)
        while (distinct(histogram, histogram->shift) > GB_HISTOGRAM_BINS)
            histogram->shift++;
    merge(histogram, room);
}

static bool grow(struct gb_histogram *histogram)
{
    size_t capacity = histogram->waiting_capacity ? 2 * histogram->waiting_capacity : MIN_WAITING;
    struct gb_radix_item *waiting = gb_array_resize(histogram->waiting, capacity, sizeof *waiting);

    if (!waiting)
        return false;
    histogram->waiting = waiting;
    histogram->waiting_capacity = capacity;
    return true;
}

/* By an eighth more than is needed: it may be all that a run of many orders keeps of them. */
static bool grow_text(struct gb_histogram *histogram, size_t needed)
{
    if (needed <= histogram->capacity)
        return true;
    size_t capacity = needed + needed / 8;
    uint8_t *text = gb_array_resize(histogram->text, capacity, 1);
    if (!text)
        return false;
    histogram->text = text;
    histogram->capacity = capacity;
    return true;
}

/* Makes place for one more to wait, and for the text with all that may then wait: quantiles take no
 * memory. Not inline: it would have every value save its registers. */
__attribute__((noinline)) static bool reserve(struct gb_histogram *histogram)
{
    if (histogram->n_waiting == MAX_WAITING)
        fold(histogram);
    if (histogram->n_waiting == histogram->waiting_capacity && !grow(histogram))
        return false;
    return grow_text(histogram, histogram->size + room_of(histogram, histogram->waiting_capacity));
}

bool gb_histogram_add(struct gb_histogram *histogram, int64_t value, int64_t weight)
{
    assert(weight >= 0 && weight <= MOST_WEIGHT - histogram->weight);
    if (weight == 0)
        return true;
    uint64_t key = (uint64_t)value ^ SIGN;
    if (histogram->n_waiting > 0 && histogram->waiting[histogram->n_waiting - 1].key == key) {
        /* orders of an ideal market are all answered at once */
        histogram->waiting[histogram->n_waiting - 1].value += (uint64_t)weight;
    } else {
        if (!reserve(histogram))
            return false;
        histogram->waiting[histogram->n_waiting++] = (struct gb_radix_item){key, (uint64_t)weight};
    }
    histogram->weight += weight;
    return true;
}

double gb_histogram_quantile(struct gb_histogram *histogram, int percent)
{
    assert(percent >= 0 && percent <= 100);
    if (histogram->weight == 0)
        return NAN;
    fold(histogram);
    struct stream stream = stream_of(histogram, histogram->text);
    struct bin bin = {0};
    for (int64_t below = 0; take(&stream, &bin);) {
        below += bin.weight;
        if (below * 100 >= histogram->weight * percent)
            break;
    }
    return (double)(int64_t)(bin.largest ^ SIGN);
}
