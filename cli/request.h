/* What run and sweep are asked to do: one input file and the options both know. */
#ifndef CLI_REQUEST_H
#define CLI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/command.h"

struct gb_request {
    const char *input;  /* borrowed from argv, like output and ledger */
    const char *output; /* NULL: after the input's name */
    const char *ledger; /* run alone; NULL: none is kept */
    size_t n_settings;
    char **settings; /* "key=value" of --set and --seed, in their order; owned */
    int64_t threads; /* 0: as OpenMP decides */
    bool is_check, is_quiet;
    /* sweep alone */
    bool resumes, restarts;  /* what is begun */
    int64_t shard, n_shards; /* 0, 0: none */
    int64_t replications;    /* 0: as the sweep says */
    bool has_trial;          /* one trial alone: */
    int64_t trial;
    const char *pilot; /* the result of the first of two stages, or NULL */
};

/* Reads the command line; `noun` names the input in messages ("scenario").
 * returns true to go on; false: the exit code is in *code (--help done, or wrong use) */
bool gb_request_read(struct gb_request *request, const struct gb_command *command, const char *noun,
                     int argc, char **argv, int *code);
void gb_request_clear(struct gb_request *request);

#endif
