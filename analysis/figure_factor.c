/* The values of a key that a sweep varied, as positions on an axis: numbers, durations (`20 ms`),
 * delays that differ in one duration alone (`constant 20 ms`), or words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_grid_priv.h"
#include "base/duration.h"

#define LOG_RANGE 19.9   /* last over first value, from which on numbers may stand on a log axis */
#define UNIT_RANGE 999.9 /* from which on durations are written each in a unit of its own */
#define LONGEST_TICKS 2048
#define CHARACTER_MM 1.6
#define MAX_WORD 40

/* ---- names */

static const char *short_label(const char *key)
{
    static const struct {
        const char *key, *label;
    } labels[] = {
        {"agents.deviant_beta", "Deviant’s β"},
        {"agents.deviant_quote", "Deviant’s further shade"},
        {"agents.deviant_reserve", "Deviant’s shift of reserve"},
        {"agents.deviant_strategy", "Deviant’s strategy"},
        {"agents.mix", "Mix of strategies"},
        {"agents.reaction", "Reaction time of agents"},
        {"agents.source_preference.solar", "Buyers who ask for solar energy"},
        {"agents.source_preference.storage", "Buyers who ask for stored energy"},
        {"agents.source_preference.wind", "Buyers who ask for wind energy"},
        {"agents.strategy", "Strategy"},
        {"case", "Case"},
        {"chain.block.max_transactions", "Transactions a block, at most"},
        {"chain.block.min_seal", "Block time, at least"},
        {"chain.client_delay", "Client delay"},
        {"chain.delay", "Link delay"},
        {"chain.flow", "Flow"},
        {"chain.nodes", "Validators"},
        {"chain.protocol", "Chain"},
        {"forecast.skill", "Forecast skill"},
        {"market.beta", "Re-quote factor β"},
        {"market.books", "Books"},
        {"market.gate", "Gate before delivery"},
        {"market.mechanism", "Mechanism"},
        {"market.open", "Opening before delivery"},
        {"market.requote.match", "Pairs after a re-quote"},
        {"meters.count", "Meters"},
        {"meters.prosumer_share", "Share of prosumers"},
        {"meters.storage_share", "Share of prosumers with storage"},
        {"meters.wind_share", "Share of prosumers with wind"},
        {"slot", "Length of a slot"},
        {"start_date", "Date"},
        {"storage.capacity", "Capacity of a battery (kWh)"},
        {"tariff.feed_in", "Feed-in price"},
        {"tariff.retail", "Retail price"},
    };

    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (strcmp(labels[i].key, key) == 0)
            return labels[i].label;
    return NULL;
}

void gb_key_label_write(char *label, size_t size, const char *key)
{
    static const char head[] = "households.", tail[] = ".count";
    const char *known = short_label(key);
    size_t n = strlen(key), around = sizeof head + sizeof tail - 2;

    if (!known && n > around && strncmp(key, head, sizeof head - 1) == 0 &&
        strcmp(key + n - (sizeof tail - 1), tail) == 0)
        snprintf(label, size, "Homes of kind %.*s", (int)(n - around), key + sizeof head - 1);
    else
        snprintf(label, size, "%s", known ? known : key);
}

/* ---- values as numbers */

static bool read_number(const char *text, double *number)
{
    char *end;

    *number = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number);
}

/* `constant 20 ms` as `constant` and 20 ms; a plain duration has an empty word. */
static bool read_duration(const char *text, char word[MAX_WORD], int64_t *ns)
{
    size_t n = strcspn(text, " ");

    word[0] = '\0';
    if (gb_duration_parse(text, ns))
        return true;
    if (text[n] == '\0' || n >= MAX_WORD)
        return false;
    memcpy(word, text, n);
    word[n] = '\0';
    return gb_duration_parse(text + n + 1, ns);
}

/* The duration in `constant 20 ms`, as it is written. */
static const char *duration_of(const char *text)
{
    int64_t ns;

    return gb_duration_parse(text, &ns) ? text : text + strcspn(text, " ") + 1;
}

/* The unit in which the longest of some durations is a number from 1 on. */
static double unit_of_duration(double longest_ns, const char **name)
{
    static const struct {
        double ns;
        const char *name;
    } units[] = {{86400e9, "d"}, {3600e9, "h"}, {60e9, "min"},
                 {1e9, "s"},     {1e6, "ms"},   {1e3, "µs"}};
    size_t i = 0;

    while (i + 1 < sizeof units / sizeof units[0] && longest_ns < units[i].ns)
        i++;
    *name = units[i].name;
    return units[i].ns;
}

static bool take_numbers(struct gb_factor *factor)
{
    for (size_t i = 0; i < factor->n; i++)
        if (!read_number(factor->texts[i], &factor->numbers[i]))
            return false;
    return true;
}

/* Durations in one unit, which goes into the label together with the word that all of them have. */
static bool take_durations(struct gb_factor *factor)
{
    char first[MAX_WORD] = "", word[MAX_WORD] = "", label[sizeof factor->label];
    const char *unit;
    double shortest = INFINITY, longest = 0.0, ns_of_unit;

    for (size_t i = 0; i < factor->n; i++) {
        int64_t ns;

        if (!read_duration(factor->texts[i], i == 0 ? first : word, &ns) ||
            (i > 0 && strcmp(first, word) != 0))
            return false;
        factor->numbers[i] = (double)ns;
        longest = fmax(longest, (double)ns);
        shortest = fmin(shortest, (double)ns);
    }
    ns_of_unit = unit_of_duration(longest, &unit);
    for (size_t i = 0; i < factor->n; i++)
        factor->numbers[i] /= ns_of_unit;
    factor->has_units = longest >= UNIT_RANGE * shortest;
    snprintf(label, sizeof label, "%.60s%s%.12s", factor->label, first[0] ? ", " : "", first);
    if (!factor->has_units)
        snprintf(label + strlen(label), sizeof label - strlen(label), " (%s)", unit);
    memcpy(factor->label, label, sizeof label);
    return true;
}

/* ---- order and scale */

static void sort_by_number(struct gb_factor *factor)
{
    for (size_t i = 1; i < factor->n; i++) {
        double number = factor->numbers[i];
        const char *text = factor->texts[i];
        size_t at = i;

        for (; at > 0 && factor->numbers[at - 1] > number; at--) {
            factor->numbers[at] = factor->numbers[at - 1];
            factor->texts[at] = factor->texts[at - 1];
        }
        factor->numbers[at] = number;
        factor->texts[at] = text;
    }
}

/* Numbers that spread by factors rather than by differences. */
static bool are_logarithmic(const struct gb_factor *factor)
{
    const double *x = factor->numbers;
    size_t n = factor->n;

    return n >= 3 && x[0] > 0.0 && x[n - 1] / x[0] >= LOG_RANGE &&
           x[n - 1] - x[n - 2] > 3.0 * (x[1] - x[0]);
}

static void choose_scale(struct gb_factor *factor)
{
    bool are_numbers = take_numbers(factor), are_durations = !are_numbers && take_durations(factor);

    factor->scale = GB_SCALE_WORDS;
    if (are_numbers || are_durations) {
        sort_by_number(factor);
        factor->scale = are_logarithmic(factor) ? GB_SCALE_LOGARITHMS : GB_SCALE_NUMBERS;
    }
    for (size_t i = 0; i < factor->n; i++) {
        if (factor->scale == GB_SCALE_WORDS)
            factor->numbers[i] = (double)i;
        if (are_durations && !factor->has_units)
            snprintf(factor->shown[i], GB_SHOWN_SIZE, "%g", factor->numbers[i]);
        else if (are_durations)
            snprintf(factor->shown[i], GB_SHOWN_SIZE, "%s", duration_of(factor->texts[i]));
        else if (factor->unread_name && strcmp(factor->texts[i], GB_VARIED_UNREAD) == 0)
            snprintf(factor->shown[i], GB_SHOWN_SIZE, "%s", factor->unread_name);
        else
            snprintf(factor->shown[i], GB_SHOWN_SIZE, "%s", factor->texts[i]);
    }
}

static bool has_text(const struct gb_factor *factor, const char *text)
{
    for (size_t i = 0; i < factor->n; i++)
        if (strcmp(factor->texts[i], text) == 0)
            return true;
    return false;
}

bool gb_factor_has_unread(const struct gb_factor *factor)
{
    return has_text(factor, GB_VARIED_UNREAD);
}

void gb_factors_describe_unread(const struct gb_factor *const *factors, size_t n,
                                const struct gb_results *results, FILE *caption)
{
    bool is_nameless = false;

    for (size_t f = 0; f < n; f++) {
        if (!gb_factor_has_unread(factors[f]))
            continue;
        if (factors[f]->unread_name)
            fprintf(caption, "; %s: %s, where nothing reads %s", factors[f]->unread_name,
                    gb_results_varied_key(results, factors[f]->unread_key),
                    gb_results_varied_key(results, factors[f]->key));
        is_nameless = is_nameless || !factors[f]->unread_name;
    }
    if (is_nameless)
        fputs("; -: a key that nothing reads there", caption);
}

/* The value of `other` in all cells that do not read the key, and in none that does; else NULL. */
static const char *name_by(const struct gb_results *results, const struct gb_cell *const *cells,
                           size_t n, size_t key, size_t other)
{
    const char *name = NULL;

    for (size_t c = 0; c < n; c++)
        if (strcmp(gb_cell_value(results, cells[c], key), GB_VARIED_UNREAD) == 0) {
            const char *value = gb_cell_value(results, cells[c], other);

            if (strcmp(value, name ? name : value) != 0 || strcmp(value, GB_VARIED_UNREAD) == 0)
                return NULL;
            name = value;
        }
    for (size_t c = 0; name && c < n; c++)
        if (strcmp(gb_cell_value(results, cells[c], key), GB_VARIED_UNREAD) != 0 &&
            strcmp(gb_cell_value(results, cells[c], other), name) == 0)
            return NULL;
    return name;
}

void gb_factor_name_unread(struct gb_factor *factor, const struct gb_results *results,
                           const struct gb_cell *const *cells, size_t n, const size_t placed[3])
{
    if (!gb_factor_has_unread(factor))
        return;
    for (size_t k = 0; !factor->unread_name && k < gb_results_n_factors(results); k++) {
        factor->unread_key = k;
        if (k != placed[0] && k != placed[1] && k != placed[2])
            factor->unread_name = name_by(results, cells, n, factor->key, k);
    }
    for (size_t i = 0; factor->unread_name && i < factor->n; i++)
        if (strcmp(factor->texts[i], GB_VARIED_UNREAD) == 0)
            snprintf(factor->shown[i], GB_SHOWN_SIZE, "%s", factor->unread_name);
}

/* Moves a value behind those that follow it. */
static void move_last(const char **texts, size_t n, size_t from)
{
    const char *text = texts[from];

    memmove(texts + from, texts + from + 1, (n - 1 - from) * sizeof *texts);
    texts[n - 1] = text;
}

/* Numbers beside a cell that reads none stand in their order, behind it, though all are words then.
 */
static void put_unread_first(struct gb_factor *factor)
{
    char label[sizeof factor->label];
    size_t n = factor->n, at = 0;

    while (at < n && strcmp(factor->texts[at], GB_VARIED_UNREAD) != 0)
        at++;
    if (at == n)
        return;
    memcpy(label, factor->label, sizeof label);
    move_last(factor->texts, n, at);
    factor->n--;
    choose_scale(factor);
    factor->n = n;
    if (factor->scale != GB_SCALE_WORDS)
        at = 0;
    memmove(factor->texts + at + 1, factor->texts + at, (n - 1 - at) * sizeof *factor->texts);
    factor->texts[at] = GB_VARIED_UNREAD;
    factor->has_units = false;
    memcpy(factor->label, label, sizeof label);
}

/* Without a value yet. returns false without memory for n of them */
static bool start(struct gb_factor *factor, size_t key, size_t n)
{
    *factor = (struct gb_factor){.key = key,
                                 .texts = malloc((n + 1) * sizeof *factor->texts),
                                 .numbers = calloc(n + 1, sizeof *factor->numbers),
                                 .shown = calloc(n + 1, sizeof *factor->shown)};
    return factor->texts && factor->numbers && factor->shown;
}

bool gb_factor_fill_kinds(struct gb_factor *factor, const struct gb_kinds *kinds)
{
    if (!start(factor, GB_KINDS_KEY, kinds->n))
        return false;
    snprintf(factor->label, sizeof factor->label, "Kind of household");
    factor->scale = GB_SCALE_WORDS; /* a name is one even where it is a number */
    for (; factor->n < kinds->n; factor->n++) {
        factor->texts[factor->n] = kinds->names[factor->n];
        factor->numbers[factor->n] = (double)factor->n;
        snprintf(factor->shown[factor->n], GB_SHOWN_SIZE, "%s", kinds->names[factor->n]);
    }
    return true;
}

bool gb_factor_fill(struct gb_factor *factor, const struct gb_results *results,
                    const struct gb_cell *const *cells, size_t n, size_t key)
{
    if (!start(factor, key, n))
        return false;
    if (key == SIZE_MAX) {
        factor->texts[factor->n++] = "";
        return true;
    }
    gb_key_label_write(factor->label, sizeof factor->label, gb_results_varied_key(results, key));
    for (size_t c = 0; c < n; c++) {
        const char *text = gb_cell_value(results, cells[c], key);

        if (!has_text(factor, text))
            factor->texts[factor->n++] = text;
    }
    put_unread_first(factor);
    choose_scale(factor);
    return true;
}

static size_t find_unread(const struct gb_factor *factor)
{
    size_t at = 0;

    while (at < factor->n && strcmp(factor->texts[at], GB_VARIED_UNREAD) != 0)
        at++;
    return at;
}

void gb_factor_repeat_unread(struct gb_factor *factor)
{
    size_t at = find_unread(factor);

    if (at == factor->n || factor->n < 2)
        return;
    move_last(factor->texts, factor->n, at);
    factor->n--;
    choose_scale(factor);
    factor->has_level = true;
}

void gb_factor_level_unread(struct gb_factor *factor)
{
    size_t n = factor->n, at = find_unread(factor);

    if (at == n || n < 3)
        return;
    move_last(factor->texts, n, at);
    factor->n--;
    choose_scale(factor);
    factor->has_level = factor->scale != GB_SCALE_WORDS;
    if (factor->has_level)
        return;
    memmove(factor->texts + at + 1, factor->texts + at, (n - 1 - at) * sizeof *factor->texts);
    factor->texts[at] = GB_VARIED_UNREAD;
    factor->n = n;
    choose_scale(factor);
}

void gb_factor_clear(struct gb_factor *factor)
{
    free(factor->texts);
    free(factor->numbers);
    free(factor->shown);
    *factor = (struct gb_factor){0};
}

/* ---- the axis */

/* Where a value stands between the ends of its axis, 0 to 1. */
static double place_of(const struct gb_factor *factor, double value)
{
    double first = factor->numbers[0], last = factor->numbers[factor->n - 1];

    if (last <= first)
        return 0.5;
    return factor->scale == GB_SCALE_LOGARITHMS ? log(value / first) / log(last / first)
                                                : (value - first) / (last - first);
}

static size_t width_of(const struct gb_factor *factor, size_t i)
{
    return strlen(factor->shown[i]);
}

/* Whether the values themselves have room as ticks; of words and logarithms as many as have. */
static bool values_fit(const struct gb_factor *factor, double panel_mm)
{
    for (size_t i = 1; i < factor->n; i++) {
        double gap =
            place_of(factor, factor->numbers[i]) - place_of(factor, factor->numbers[i - 1]);
        double wanted =
            CHARACTER_MM * (0.5 * (double)(width_of(factor, i) + width_of(factor, i - 1)) + 1.0);

        if (gap * panel_mm < wanted)
            return false;
    }
    return true;
}

/* A value's place along the axis and half the width of its text. */
static double place_mm(const struct gb_factor *factor, size_t i, double panel_mm, double *half)
{
    *half = CHARACTER_MM * 0.5 * (double)width_of(factor, i);
    return panel_mm * place_of(factor, factor->numbers[i]);
}

/* ("10" 10, "30" 30): both ends, and between them those that have room behind the one before. */
static void write_ticks(const struct gb_factor *factor, double panel_mm, bool are_all,
                        FILE *settings)
{
    char ticks[LONGEST_TICKS] = "";
    double free_from = -1e9, half, last = place_mm(factor, factor->n - 1, panel_mm, &half);
    double free_to = last - half - CHARACTER_MM;
    size_t n = 0;

    for (size_t i = 0; i < factor->n && n + 128 < sizeof ticks; i++) {
        double at = place_mm(factor, i, panel_mm, &half);
        bool is_before_last = i + 1 == factor->n || i == 0 || at + half <= free_to;
        bool fits = are_all || (at - half >= free_from && is_before_last);
        char text[GB_SHOWN_SIZE];

        snprintf(text, sizeof text, "%s", factor->shown[i]);
        for (char *quote = text; *quote; quote++) /* gnuplot reads them between such */
            if (*quote == '"' || *quote == '\\')
                *quote = '\'';
        n += (size_t)snprintf(ticks + n, sizeof ticks - n, "%s\"%s\" %.12g", n ? ", " : "(",
                              fits ? text : "", factor->numbers[i]);
        free_from = fits ? at + half + CHARACTER_MM : free_from;
    }
    snprintf(ticks + n, sizeof ticks - n, ")");
    gb_figure_set_text(settings, "x_tics", ticks);
}

static size_t longest_of(const struct gb_factor *factor)
{
    size_t longest = 0;

    for (size_t i = 0; i < factor->n; i++)
        longest = width_of(factor, i) > longest ? width_of(factor, i) : longest;
    return longest;
}

void gb_factor_write_axis(const struct gb_factor *factor, double panel_mm, FILE *settings)
{
    double first = factor->numbers[0], last = factor->numbers[factor->n - 1];
    bool are_words = factor->scale == GB_SCALE_WORDS, is_log = factor->scale == GB_SCALE_LOGARITHMS;
    bool fit = values_fit(factor, panel_mm);
    double edge = are_words ? 0.5 : 0.02 * (last - first);

    if (!are_words && edge == 0.0)
        edge = 1.0;
    fprintf(settings, "x_low = %.12g\nx_high = %.12g\nis_log_x = %d\nare_words = %d\n",
            is_log ? first / pow(last / first, 0.03) : first - edge,
            is_log ? last * pow(last / first, 0.03) : last + edge, is_log, are_words);
    fprintf(settings, "has_tilted_words = %d\nlongest_word = %zu\n", are_words && !fit,
            longest_of(factor));
    if (are_words || is_log || (fit && factor->n <= 8))
        write_ticks(factor, panel_mm, are_words, settings);
    else
        gb_figure_set_text(settings, "x_tics", "autofreq");
    gb_figure_set_text(settings, "x_label", factor->label);
}
