/* Files that appear whole or not at all: they are written under another name, PATH.part, brought to
 * the disk and then take their own. Symbolic links are followed first, so that a link stays a link
 * and the file it leads to is what is replaced. */
#ifndef BASE_NEW_FILE_H
#define BASE_NEW_FILE_H

#include <stdbool.h>
#include <stdio.h>

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
    char *path, *part; /* owned: the file, links followed; the name until then */
    bool is_plain;     /* false: a pipe or a device, written as it is */
};
enum gb_status gb_new_file_open(struct gb_new_file *file, const char *path, struct gb_error *err);
/* Closes it and gives it its name, or says why not all of it could be written. */
enum gb_status gb_new_file_close(struct gb_new_file *file, struct gb_error *err);

#endif
