/* gridbourse fit: parameters of a model estimated from somebody's series, as a file of scenario
 * keys. */
#include "models/fit/fit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/new_file.h"
#include "base/text.h"
#include "base/zone.h"
#include "cli/arguments.h"
#include "cli/channel_values.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/series_options.h"
#include "experiments/scenario/scenario.h"
#include "models/series/series.h"

enum { DAY_S = 86400 };
enum { OPTION_MODEL = GB_N_SERIES_OPTIONS, OPTION_SET, OPTION_OUTPUT };
static const struct gb_option options[] = {
    GB_SERIES_OPTION_ROWS(0),
    [OPTION_MODEL] = {"--model", NULL, "NAME",
                      "whose parameters: one of `gridbourse list estimators`"},
    [OPTION_SET] = {"--set", NULL, "KEY=VALUE",
                    "of the scenario: the site of the clouds, or what is not estimated"},
    [OPTION_OUTPUT] = {"--output", "-o", "FILE", "write there; default: standard output"},
    {0},
};

struct request {
    struct gb_series_options options;
    const struct gb_estimator *estimator;
    const char *path, *output;
    size_t n_settings;
    const char **settings; /* owned; their texts are argv's */
    int argc;
    char **argv; /* for the head of the file */
};

/* ---- channels */

static bool is_meant(const struct gb_channel *channel, const struct gb_estimator *estimator)
{
    if (!channel->unit)
        return false;
    if (estimator->kind == GB_UNIT_OTHER)
        return strcmp(channel->unit->si, estimator->si) == 0;
    return channel->unit->kind == estimator->kind ||
           (channel->unit->kind == GB_UNIT_ENERGY && estimator->kind == GB_UNIT_POWER);
}

/* "a, b, c" of the channels that are meant. */
static void name_channels(const struct gb_series *series, const struct gb_estimator *estimator,
                          char *text, size_t size)
{
    text[0] = '\0';
    for (size_t k = 0; k < series->n_channels; k++)
        if (is_meant(&series->channels[k], estimator))
            snprintf(text + strlen(text), size - strlen(text), "%s%s", *text ? ", " : "",
                     series->channels[k].name);
}

static void free_channels(struct gb_fit_channel *channels, size_t n)
{
    for (size_t k = 0; channels && k < n; k++)
        free(channels[k].values);
    free(channels);
}

static enum gb_status take_channels(const struct gb_series *series, const struct request *request,
                                    struct gb_fit_channel **out, size_t *n, struct gb_error *err)
{
    const struct gb_estimator *estimator = request->estimator;
    char names[256];
    enum gb_status status = GB_OK;

    *n = 0;
    *out = calloc(series->n_channels + 1, sizeof **out);
    if (!*out)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu channels", series->n_channels);
    for (size_t k = 0; status == GB_OK && k < series->n_channels; k++) {
        const struct gb_channel *channel = &series->channels[k];

        if (!is_meant(channel, estimator))
            continue;
        status = gb_channel_check(series, channel, request->path, err);
        if (status != GB_OK)
            break;
        struct gb_fit_channel *taken = &(*out)[(*n)++];
        *taken = (struct gb_fit_channel){channel->name, channel->start_s, channel->step_s,
                                         gb_channel_steps(channel),
                                         gb_channel_values(channel, estimator->kind)};
        if (!taken->values)
            status = gb_fail(err, GB_ENOMEM, "no memory for %zu values", channel->n);
    }
    if (status == GB_OK && *n == 0)
        status = gb_fail(err, GB_EINPUT,
                         "'%s' has no column of %s in %s or what can be turned into it; where the "
                         "names hold no unit, --unit says it",
                         request->path, estimator->wants, estimator->si);
    name_channels(series, estimator, names, sizeof names);
    if (status == GB_OK && estimator->max_channels > 0 && *n > estimator->max_channels)
        status =
            gb_fail(err, GB_EINPUT, "'%s': --column must choose one of %s", request->path, names);
    return status;
}

/* ---- the file of parameters */

/* As the shell would take it back. */
static void print_argument(FILE *out, const char *argument)
{
    const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/=,:+";

    if (argument[strspn(argument, plain)] == '\0' && *argument) {
        fputs(argument, out);
        return;
    }
    putc('\'', out);
    for (; *argument; argument++)
        if (*argument == '\'')
            fputs("'\\''", out);
        else if (*argument != '\n')
            putc(*argument, out);
    putc('\'', out);
}

static void print_head(FILE *out, const struct request *request, const struct gb_fit_data *data,
                       const struct gb_fit *fit)
{
    int64_t first_s, last_s;
    struct gb_zone_year year = {0};
    char from[32], to[32];

    gb_fit_span(data, &first_s, &last_s);
    first_s += gb_zone_offset_at(data->zone, &year, first_s);
    last_s += gb_zone_offset_at(data->zone, &year, last_s - 1);
    gb_date_format(gb_floor_divide(first_s, DAY_S), from, sizeof from);
    gb_date_format(gb_floor_divide(last_s - 1, DAY_S), to, sizeof to);
    fputs("# gridbourse", out);
    for (int i = 0; i < request->argc; i++) {
        putc(' ', out);
        print_argument(out, request->argv[i]);
    }
    fprintf(out,
            "\n# %zu channel%s, %zu values, %s to %s. Standard errors: %d bootstrap resamples of\n"
            "# %zu %s.\n",
            data->n, gb_message_plural((int64_t)data->n), fit->n_values, from, to, GB_FIT_RESAMPLES,
            fit->n_blocks, fit->resampled);
    if (fit->remark[0])
        fprintf(out, "# %s\n", fit->remark);
}

/* Keys of one section stand together. */
static void print_estimates(FILE *out, const struct gb_fit *fit)
{
    size_t section = 0; /* length of the section's name */

    for (size_t i = 0; i < fit->n_estimates; i++) {
        const struct gb_fitted *estimate = &fit->estimates[i];
        const char *dot = strchr(estimate->key, '.');
        size_t length = (size_t)(dot - estimate->key);

        if (i == 0 || length != section ||
            strncmp(estimate->key, fit->estimates[i - 1].key, length) != 0)
            fprintf(out, "%.*s:\n", (int)length, estimate->key);
        section = length;
        if (estimate->error > 0)
            fprintf(out, "  %s: %.5g  # +- %.2g\n", dot + 1, estimate->value, estimate->error);
        else
            fprintf(out, "  %s: %.5g\n", dot + 1, estimate->value);
    }
}

static enum gb_status write_fit(const struct request *request, const struct gb_fit_data *data,
                                const struct gb_fit *fit, struct gb_error *err)
{
    struct gb_new_file file = {.stream = stdout};
    enum gb_status status = GB_OK;

    if (request->output)
        status = gb_new_file_open(&file, request->output, err);
    if (status != GB_OK)
        return status;
    print_head(file.stream, request, data, fit);
    print_estimates(file.stream, fit);
    return request->output ? gb_new_file_close(&file, err) : GB_OK;
}

/* ---- the command */

/* By which people live: the site's where the scenario names one, else that of the stamps. */
static struct gb_zone clock_of(const struct gb_scenario *scenario, const struct gb_series *series)
{
    const struct gb_weather_config *weather = &scenario->physics.weather;

    return strcmp(weather->site.time_zone, GB_ZONE_FIXED) == 0 ? series->zone
                                                               : gb_weather_calendar(weather).zone;
}

/* What an estimator finds wrong with the numbers, and whose they are. */
static enum gb_status estimate(const struct request *request, const struct gb_fit_data *data,
                               struct gb_fit *fit, struct gb_error *err)
{
    struct gb_error why = {0};
    enum gb_status status = request->estimator->fit(fit, data, &why);

    if (status == GB_EINPUT)
        return gb_fail(err, status, "'%s', %s: %s", request->path, data->channels[0].name,
                       why.text);
    return status == GB_OK ? status : gb_fail(err, status, "%s", why.text);
}

static enum gb_status fit_series(const struct request *request, const struct gb_series *series,
                                 const struct gb_scenario *scenario, struct gb_error *err)
{
    struct gb_zone clock = clock_of(scenario, series);
    struct gb_fit_channel *channels = NULL;
    struct gb_fit fit;
    size_t n;
    enum gb_status status = take_channels(series, request, &channels, &n, err);
    struct gb_fit_data data = {
        .n = n, .channels = channels, .zone = &clock, .physics = &scenario->physics};

    if (status == GB_OK)
        status = estimate(request, &data, &fit, err);
    if (status == GB_OK)
        status = write_fit(request, &data, &fit, err);
    free_channels(channels, n);
    return status;
}

static int fail(struct gb_error *err)
{
    if (err->status == GB_EFILE && strncmp(err->text, "cannot write", 12) != 0)
        err->status = GB_EINPUT; /* a series one cannot read is wrong use */
    return gb_message_failure(err);
}

static int fit_file(const struct request *request)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    struct gb_series *series = NULL;
    struct gb_error err = {0};
    int code = GB_EXIT_DONE;

    if (!diagnostics)
        gb_message_exhausted("the settings");
    enum gb_status status =
        gb_scenario_defaults(&scenario, gb_program_extensions(), request->n_settings,
                             request->settings, diagnostics, &err);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++)
        gb_message_note("%s", gb_diagnostics_at(diagnostics, i));
    if (status == GB_OK)
        status = gb_series_read(&series, request->path, &request->options, &err);
    if (status == GB_OK)
        status = fit_series(request, series, scenario, &err);
    if (status != GB_OK)
        code = fail(&err);
    gb_series_free(series);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    return code;
}

static int take_model(struct request *request, const struct gb_arguments *arguments)
{
    const struct gb_member *member = gb_family_find(&gb_estimator_family, NULL, arguments->value);
    char names[128] = "";

    if (member) {
        request->estimator = (const struct gb_estimator *)(const void *)member;
        return GB_EXIT_DONE;
    }
    for (size_t i = 0; (member = gb_family_member(&gb_estimator_family, NULL, i)); i++)
        gb_text_append(names, sizeof names, "%s%s", i ? ", " : "", member->name);
    return gb_message_wrong_use(arguments->command, "fit: '--model' expects one of %s, not '%s'",
                                names, arguments->value);
}

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;

    switch (option) {
    case OPTION_MODEL: return take_model(request, arguments);
    case OPTION_OUTPUT: request->output = arguments->value; return GB_EXIT_DONE;
    case OPTION_SET:
        request->settings[request->n_settings++] = arguments->value;
        return GB_EXIT_DONE;
    default: return gb_series_options_take(&request->options, arguments, 0, option);
    }
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &gb_command_fit, .options = options, .argc = argc, .argv = argv};
    struct request request = {
        .settings = calloc((size_t)argc + 1, sizeof(const char *)), .argc = argc, .argv = argv};
    int code;

    if (!request.settings)
        gb_message_exhausted("the settings");
    if (gb_arguments_read(&arguments, "file", take_option, &request, &request.path, &code)) {
        if (!request.path)
            code = gb_message_wrong_use(&gb_command_fit, "fit: which file?");
        else if (!request.estimator)
            code = gb_message_wrong_use(&gb_command_fit, "fit: of which --model?");
        else
            code = fit_file(&request);
    }
    free(request.settings);
    return code;
}

const struct gb_command gb_command_fit = {
    "fit", "SERIES --model NAME [OPTION ...]",
    "estimate the parameters of a model from a measured series", run};
