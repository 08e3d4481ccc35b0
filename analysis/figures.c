#include "analysis/figures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/completeness.h"
#include "analysis/figures_priv.h"
#include "analysis/home_choice.h"
#include "base/draws.h"
#include "base/file.h"
#include "base/new_file.h"
#include "base/text.h"

#define PATH_SIZE GB_FIGURE_PATH_SIZE

#define SCRIPT(name) gb_figure_script_##name, gb_figure_##name
const struct gb_figure gb_figures[] = {
    {"users", "income and cost of every user, the market beside grid-only", SCRIPT(users), true,
     85.0},
    {"gains", "what each user gains on grid-only, from the one who loses most up", SCRIPT(gains),
     true, 0.0},
    {"lorenz", "Lorenz curve of the gains of the users", SCRIPT(lorenz), true, 0.0},
    {"causes", "the saving split by what adds to it and what takes from it", SCRIPT(causes), true,
     0.0},
    {"curves", "key figures (--y) against a key of a sweep (--x), with 95 % intervals",
     SCRIPT(curves), true, 0.0},
    {"effect", "what a key changes on the same draws, from its first value or --against a cell",
     gb_figure_script_curves, gb_figure_effect, true, 0.0},
    {"main", "main effects of the keys of a complete sweep on a key figure", SCRIPT(main_effects),
     true, 0.0},
    {"map", "a key figure over two keys of a sweep", SCRIPT(map), true, 0.0},
    {"late", "orders too late and missed slots against a key", gb_figure_script_curves,
     gb_figure_late, false, 0.0},
    {"chain", "delay, throughput and messages against the validators, a line a flow",
     gb_figure_script_curves, gb_figure_chain, false, 0.0},
    {"latency", "distribution of the time from an order sent to stable", SCRIPT(latency), false,
     0.0},
    {"kinds", "what a home of each kind saves, by the energy through its meter", SCRIPT(kinds),
     true, 80.0},
    {"clearing", "supply and demand steps of one slot, and its trades", SCRIPT(clearing), false,
     80.0},
    {"quotes", "trades of a slot on the lives of its quotes", SCRIPT(quotes), false, 0.0},
    {"concessions", "how a few agents give way in a slot, and their reserves", SCRIPT(concessions),
     false, 0.0},
    {"depth", "what rested in the book of a slot at a moment (--at)", gb_figure_script_clearing,
     gb_figure_depth, false, 80.0},
    {"trades", "prices of the trades over time, with their mean", SCRIPT(trades), false, 0.0},
    {"balance", "own use, local trade, import and export over time", SCRIPT(balance), true, 80.0},
    {"duration", "load, generation and net by the share of the time that exceeds them",
     SCRIPT(duration), true, 0.0},
    {"storage", "stored energy, charging and discharging over time", SCRIPT(storage), true, 80.0},
    {"meter", "load, generation, battery and prices of one meter (--meter) over a week",
     SCRIPT(meter), true, 85.0},
    {"measured", "statistics of loads beside those of a measured series (--beside)",
     SCRIPT(measured), true, 0.0},
    {"convergence", "price and share of trade day by day, as agents adapt", SCRIPT(convergence),
     false, 0.0},
    {NULL, NULL, NULL, NULL, false, 0.0},
};

const char *const gb_figure_formats[] = {"pdf", "svg", "png", NULL};

const struct gb_figure *gb_figure_find(const char *name)
{
    for (const struct gb_figure *figure = gb_figures; figure->name; figure++)
        if (strcmp(figure->name, name) == 0)
            return figure;
    return NULL;
}

/* ---- files */

bool gb_figure_path(char path[PATH_SIZE], const char *folder, const char *name, const char *suffix)
{
    int n = snprintf(path, PATH_SIZE, "%s/%s.%s", folder, name, suffix);

    return n > 0 && n < PATH_SIZE;
}

/* Whether a file holds these texts, one behind the other, and nothing else. */
static bool holds(const char *path, const char *const texts[], size_t n_texts)
{
    FILE *file = fopen(path, "rb");
    bool is_same = file != NULL;

    for (size_t t = 0; is_same && t < n_texts; t++)
        for (const char *at = texts[t]; is_same && *at; at++)
            is_same = fgetc(file) == (unsigned char)*at;
    is_same = is_same && fgetc(file) == EOF;
    if (file)
        fclose(file);
    return is_same;
}

static enum gb_status write_texts(const char *folder, const char *name, const char *suffix,
                                  const char *const texts[], size_t n_texts, struct gb_error *err)
{
    char path[PATH_SIZE];
    struct gb_new_file file;
    enum gb_status status;

    if (!gb_figure_path(path, folder, name, suffix))
        return gb_fail(err, GB_EFILE, "the path of the folder '%s' is too long", folder);
    if (holds(path, texts, n_texts))
        return GB_OK;
    status = gb_new_file_open(&file, path, err);
    if (status != GB_OK)
        return status;
    for (size_t t = 0; t < n_texts; t++)
        fputs(texts[t], file.stream);
    return gb_new_file_close(&file, err);
}

/* ---- a figure */

/* Prices, orders and the chain are of the market, which is one for all homes. */
bool gb_figure_may_show(const struct gb_figure *figure, const struct gb_figure_request *request)
{
    return figure->is_of_homes || gb_home_choice_is_all(gb_results_homes(request->results));
}

static enum gb_status check_homes(const struct gb_figure *figure,
                                  const struct gb_figure_request *request, struct gb_error *err)
{
    char homes[GB_HOME_CHOICE_TEXT_SIZE], list[256] = "";

    if (gb_figure_may_show(figure, request))
        return GB_OK;
    for (const struct gb_figure *other = gb_figures; other->name; other++)
        if (other->is_of_homes)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", list[0] ? ", " : "",
                     other->name);
    return gb_fail(err, GB_EREFUSED,
                   "it shows the whole market, not homes of %s alone, as these do: %s",
                   gb_home_choice_describe(gb_results_homes(request->results), homes), list);
}

static enum gb_status check_width(const struct gb_figure *figure,
                                  const struct gb_figure_request *request, struct gb_error *err)
{
    if (request->width_mm == 0.0 || request->width_mm >= figure->least_mm)
        return GB_OK;
    return gb_fail(err, GB_EREFUSED,
                   "its texts have no room in %g mm: it takes a width of %g mm at least",
                   request->width_mm, figure->least_mm);
}

enum { SETTINGS, DATA, CAPTION, N_TEXTS };

static void describe_extent(const struct gb_results *results, FILE *caption)
{
    char extent[GB_DRAWS_TEXT_SIZE];

    fprintf(caption, " Intervals extend %s.",
            gb_draws_describe(GB_ALL_DRAWS & ~gb_results_provenance(results)->kept, extent,
                              sizeof extent));
}

/* What is made of a part of a sweep, or of one that is not finished, says so. */
static void write_unfinished(const struct gb_results *results, FILE *caption)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;
    uint64_t n_planned = gb_results_n_planned(results);

    if (plan && plan->n_shards > 1)
        fprintf(caption, " Shard %" PRIu64 " of %" PRIu64 " alone, of %" PRIu64 " trials in all.",
                plan->shard, plan->n_shards, plan->n_trials);
    if (gb_results_n_trials(results) >= n_planned)
        return;
    uint64_t n_absent = gb_results_n_absent_cells(results);
    fprintf(caption, " The sweep is not finished: %zu of %" PRIu64 " trials",
            gb_results_n_trials(results), n_planned);
    if (n_absent > 0)
        fprintf(caption, "; %" PRIu64 " cell%s without any trial %s not shown", n_absent,
                n_absent == 1 ? "" : "s", n_absent == 1 ? "is" : "are");
    fputc('.', caption);
}

/* The settings that follow from the caption come last; a script has them all above it. */
static char *caption_settings(const struct gb_figure_request *request, struct gb_figure_page *page,
                              const char *caption)
{
    struct gb_text text;

    if (gb_text_open(&text)) {
        page->settings = text.stream;
        gb_page_set_notes(page, request->without_caption ? "" : caption);
        fputc('\n', text.stream);
    }
    return gb_text_close(&text);
}

static enum gb_status write_files(const struct gb_figure *figure, const char *folder,
                                  char *const texts[N_TEXTS], const char *notes,
                                  struct gb_error *err)
{
    char head[256];
    const char *const script[] = {head, texts[SETTINGS], notes, figure->script};
    const char *const style[] = {gb_figure_script_style}, *const data[] = {texts[DATA]};
    const char *const caption[] = {texts[CAPTION], "\n"};
    enum gb_status status = write_texts(folder, "style", "gp", style, 1, err);

    snprintf(head, sizeof head,
             "# gridbourse figures: the figure '%s', drawn by gnuplot 5.\n"
             "if (!exists(\"dir\")) dir = ''\nstem = '%s'\n",
             figure->name, figure->name);
    if (status == GB_OK)
        status = write_texts(folder, figure->name, "gp", script, 4, err);
    if (status == GB_OK)
        status = write_texts(folder, figure->name, "dat", data, 1, err);
    if (status == GB_OK)
        status = write_texts(folder, figure->name, "txt", caption, 2, err);
    return status;
}

enum gb_status gb_figure_write(const struct gb_figure *figure,
                               const struct gb_figure_request *request, const char *folder,
                               struct gb_error *err)
{
    struct gb_text open[N_TEXTS];
    struct gb_figure_page page = {0};
    char *texts[N_TEXTS], *notes = NULL;
    enum gb_status status = GB_ENOMEM;
    bool are_open = true, are_whole = true;

    for (int t = 0; t < N_TEXTS; t++)
        are_open = gb_text_open(&open[t]) && are_open;
    if (are_open) {
        page = (struct gb_figure_page){open[SETTINGS].stream, open[DATA].stream,
                                       open[CAPTION].stream, 0.0, false};
        status = check_homes(figure, request, err);
        if (status == GB_OK)
            status = check_width(figure, request, err);
        if (status == GB_OK)
            status = figure->write(request, &page, err);
        if (page.shows_intervals)
            describe_extent(request->results, page.caption);
        if (status == GB_OK)
            write_unfinished(request->results, page.caption);
    }
    for (int t = 0; t < N_TEXTS; t++) {
        texts[t] = gb_text_close(&open[t]);
        are_whole = are_whole && texts[t];
    }
    if (status == GB_OK && are_whole)
        notes = caption_settings(request, &page, texts[CAPTION]);
    if (status == GB_ENOMEM || (status == GB_OK && !notes))
        status = gb_fail(err, GB_ENOMEM, "no memory for the figure '%s'", figure->name);
    if (status == GB_OK)
        status = write_files(figure, folder, texts, notes, err);
    for (int t = 0; t < N_TEXTS; t++)
        free(texts[t]);
    free(notes);
    return status;
}
