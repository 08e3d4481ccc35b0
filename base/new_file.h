/* Files that appear whole or not at all: they are written under another name, PATH.part, brought to
 * the disk and then take their own. Symbolic links are followed first, so that a link stays a link
 * and the file it leads to is what is replaced. */
#ifndef BASE_NEW_FILE_H
#define BASE_NEW_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/lock.h"
#include "base/status.h"

/* The file that a path leads to, whether it is there or not; to be freed. What is there and no
 * plain file (a pipe, a device) keeps its name. GB_EFILE where links lead round in a circle. */
enum gb_status gb_file_target(char **out, const char *path, struct gb_error *err);
/* "PATH.part", to be freed; NULL without memory. */
char *gb_file_part(const char *path);
/* Gives `part` the name `path`, safely on the disk. false: errno says why, and both are as before
 */
bool gb_file_publish(const char *part, const char *path);
/* Brings the names in a file's folder to the disk, as far as the file system does that. */
void gb_file_sync_folder(const char *path);

struct gb_new_file {
    FILE *stream;      /* to be written to */
    char *path, *part; /* owned: the file, links followed; the name until it is published */
    const char *noun;  /* what messages call it, "ledger" say; borrowed, or NULL */
    bool is_plain;     /* false: a pipe or a device, written as it is */
    enum gb_lock lock; /* of .part, where one was asked for */
};

/* Opens a file for writing; pipes and devices are written as they are. On failure nothing is left
 * open. */
enum gb_status gb_new_file_open(struct gb_new_file *file, const char *path, struct gb_error *err);
/* Opens a file that is sealed, published or abandoned one by one.
 * noun      what messages call it, a static text
 * is_alone  .part is locked: where another process writes it, GB_EFILE says so; where the file
 *           system has no locks it is opened without one (`lock`) */
enum gb_status gb_new_file_open_as(struct gb_new_file *file, const char *path, const char *noun,
                                   bool is_alone, struct gb_error *err);

/* Brings all of it to the disk, still as .part. */
enum gb_status gb_new_file_seal(struct gb_new_file *file, struct gb_error *err);
/* Gives a sealed file its name. On failure it is still there as .part, and what stood at its path
 * still stands there. */
enum gb_status gb_new_file_publish(struct gb_new_file *file, struct gb_error *err);
/* Closes it; `abandon` takes a .part away first that was not published, `leave` lets it stay. Both
 * do nothing to a file that is {0} or closed. */
void gb_new_file_abandon(struct gb_new_file *file);
void gb_new_file_leave(struct gb_new_file *file);

/* Seals, publishes and closes, or says why not all of it could be written; no .part is left. */
enum gb_status gb_new_file_close(struct gb_new_file *file, struct gb_error *err);

#endif
