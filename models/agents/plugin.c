/* A strategy of the user's own from a shared object, loaded while a run lasts. The scenario keeps
 * the SHA-256 of the file: who runs it again, resumes it or merges its parts with another build of
 * the plug-in is told so. */
#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "models/agents/outside_priv.h"

struct plugin {
    char file[GB_PARAM_TEXT_SIZE], options[GB_PARAM_TEXT_SIZE], hash[GB_PARAM_TEXT_SIZE];
    char hashed[GB_PARAM_TEXT_SIZE]; /* the file whose hash was noted here; empty: it was given */
};

_Static_assert(sizeof(struct plugin) <= GB_OUTSIDE_CONFIG_SIZE,
               "kinds of households have room for it");

#define HASH_TEXT_SIZE (2 * crypto_hash_sha256_BYTES + 1)

static const struct gb_param params[] = {
    {"agents.plugin", GB_PARAM_TEXT, offsetof(struct plugin, file), "", 0, 0, NULL, NULL,
     GB_LAYER_AGENTS,
     "Shared object with a strategy of your own, by its path from the scenario's folder.",
     .flags = GB_PARAM_IN_NO_SWEEP | GB_PARAM_OF_KIND},
    {"agents.plugin_options", GB_PARAM_TEXT, offsetof(struct plugin, options), "", 0, 0, NULL, NULL,
     GB_LAYER_AGENTS, "A text that is handed to the plug-in as it stands.",
     .flags = GB_PARAM_OF_KIND},
    {"agents.plugin_sha256", GB_PARAM_TEXT, offsetof(struct plugin, hash), "", 0, 0, NULL, NULL,
     GB_LAYER_AGENTS,
     "SHA-256 of that file, as sha256sum prints it; a file with another one is refused. Left out, "
     "it is noted when the scenario is read.",
     .flags = GB_PARAM_IN_NO_SWEEP | GB_PARAM_OF_KIND},
    {0},
};

/* ---- its hash */

static bool hash_file(const char *path, char *text, char *why, size_t why_size)
{
    unsigned char hash[crypto_hash_sha256_BYTES], block[16384];
    crypto_hash_sha256_state state;
    FILE *file = fopen(path, "rb");
    size_t n;

    if (!file) {
        snprintf(why, why_size, "cannot open the plug-in '%s': %s", path, strerror(errno));
        return false;
    }
    crypto_hash_sha256_init(&state);
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        crypto_hash_sha256_update(&state, block, n);
    bool is_read = !ferror(file);
    if (!is_read)
        snprintf(why, why_size, "cannot read the plug-in '%s': %s", path, strerror(errno));
    fclose(file);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(text, HASH_TEXT_SIZE, hash, sizeof hash);
    return is_read;
}

static bool has_hash(const char *path, const char *expected, char *why, size_t why_size)
{
    char hash[HASH_TEXT_SIZE];

    if (!hash_file(path, hash, why, why_size))
        return false;
    if (!expected[0] || strcmp(hash, expected) == 0)
        return true;
    snprintf(why, why_size,
             "the plug-in '%s' is another one: expected SHA-256 %s (agents.plugin_sha256), it has "
             "%s",
             path, expected, hash);
    return false;
}

/* ---- loading */

/* What is wrong with the strategy of a plug-in; NULL: nothing. Version and size come first in every
 * version. */
static bool is_right(const struct gridbourse_strategy *strategy, const char *path, char *why,
                     size_t why_size)
{
    if (strategy->version != GRIDBOURSE_STRATEGY_VERSION)
        snprintf(why, why_size,
                 "the plug-in '%s' was built for version %" PRIu32
                 " of gridbourse/strategy.h, this program takes version %u: build it again "
                 "with this program's header",
                 path, strategy->version, GRIDBOURSE_STRATEGY_VERSION);
    else if (strategy->size != sizeof *strategy)
        snprintf(why, why_size,
                 "the strategy of the plug-in '%s' says to have %" PRIu32 " bytes, expected %zu: "
                 "set .size = sizeof(struct gridbourse_strategy) and build it again",
                 path, strategy->size, sizeof *strategy);
    else if (!strategy->quote)
        snprintf(why, why_size, "the strategy of the plug-in '%s' has no function quote", path);
    else
        return true;
    return false;
}

static void unload(void *handle)
{
    dlclose(handle);
}

/* Loads the file. returns its strategy, or NULL with the reason in `why` */
static const struct gridbourse_strategy *load(const char *path, void **handle, char *why,
                                              size_t why_size)
{
    *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!*handle) {
        snprintf(why, why_size, "'%s' is no shared object that can be loaded: %s", path, dlerror());
        return NULL;
    }
    const struct gridbourse_strategy *strategy = dlsym(*handle, "gridbourse_strategy");
    if (!strategy)
        snprintf(why, why_size,
                 "the plug-in '%s' has no symbol gridbourse_strategy: define `const struct "
                 "gridbourse_strategy gridbourse_strategy = {...}` in it, not static",
                 path);
    else if (is_right(strategy, path, why, why_size))
        return strategy;
    unload(*handle);
    return NULL;
}

/* ---- the family's functions */

static bool resolve(void *config, const char *folder, const char **key, char *why, size_t why_size)
{
    struct plugin *plugin = config;
    bool is_given = plugin->hash[0] && !plugin->hashed[0];
    bool is_same = is_given || strcmp(plugin->hashed, plugin->file) == 0;
    void *handle;

    *key = "agents.plugin";
    if (!plugin->file[0]) {
        snprintf(why, why_size,
                 "agents.strategy: plugin needs agents.plugin, the path of a shared "
                 "object; `gridbourse init --strategy-plugin` writes its source");
        return false;
    }
    char *path = gb_outside_beside(folder, plugin->file);
    if (!path) {
        snprintf(why, why_size, "no memory");
        return false;
    }
    bool is_good = has_hash(path, is_same ? plugin->hash : "", why, why_size) &&
                   load(path, &handle, why, why_size);
    if (is_good) {
        unload(handle);
        if (!is_given) {
            is_good = hash_file(path, plugin->hash, why, why_size);
            snprintf(plugin->hashed, sizeof plugin->hashed, "%s", plugin->file);
        }
    }
    free(path);
    return is_good;
}

static enum gb_status open_plugin(void **state, const void *config,
                                  const struct gb_strategy_facts *facts,
                                  const struct gb_traits *traits, struct gb_error *failure)
{
    const struct plugin *plugin = config;
    struct gb_outside_source source = {
        .kind = "plug-in", .name = plugin->file, .options = plugin->options, .release = unload};
    char why[GB_OUTSIDE_WHY_SIZE];
    char *path = gb_outside_beside(facts->folder, plugin->file);

    if (!path)
        return gb_fail(failure, GB_ENOMEM, "no memory for '%s'", plugin->file);
    if (has_hash(path, plugin->hash, why, sizeof why))
        source.strategy = load(path, &source.held, why, sizeof why);
    free(path);
    if (!source.strategy)
        return gb_fail(failure, GB_EFILE, "%s", why);
    return gb_outside_open(state, &source, facts, traits, failure);
}

const struct gb_strategy gb_strategy_plugin = {
    .member = {.name = "plugin",
               .summary = "a strategy of your own from a shared object (agents.plugin)",
               .params = params,
               .config_size = sizeof(struct plugin)},
    .quote = gb_outside_quote,
    .requote = gb_outside_requote,
    .observe = gb_outside_observe,
    .resolve = resolve,
    .open = open_plugin,
    .close = gb_outside_close,
    .reward = gb_outside_reward,
};
