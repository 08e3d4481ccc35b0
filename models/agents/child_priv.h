/* A child process that is talked to in lines: what it reads is its standard input, what it prints
 * its standard output; its standard error is this program's. It runs in a process group of its own,
 * so that an interrupt ends this program first, which then ends it. Waiting has a limit in wall
 * clock; passing it is a failure and never a result. */
#ifndef MODELS_AGENTS_CHILD_PRIV_H
#define MODELS_AGENTS_CHILD_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_child;

/* Starts `/bin/sh -c command` in a folder (NULL: here). returns NULL with the reason in `why` */
struct gb_child *gb_child_start(const char *command, const char *folder, int64_t timeout_ns,
                                char *why, size_t why_size);
/* Sends n bytes. false with the reason in `why` */
bool gb_child_send(struct gb_child *child, const char *bytes, size_t n, char *why, size_t why_size);
/* Its next line without the newline, which stands until the next call; NULL with the reason. */
char *gb_child_receive(struct gb_child *child, char *why, size_t why_size);
/* Closes its standard input, gives it until the limit to end, and ends it then; at once where it
 * has failed to take or to give a line. NULL: nothing. */
void gb_child_end(struct gb_child *child);

#endif
