#include "base/holder.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"

#define COMMAND_SIZE 64

/* The process in a line of /proc/locks if it holds the inode, else 0. "->" marks those that wait.
 * source  proc(5): "1: FLOCK  ADVISORY  WRITE 5433 08:01:7864448 0 EOF", the device in hexadecimal;
 *         it is not compared, for layered file systems tell stat another one */
static long holder_in(const char *line, unsigned long long inode)
{
    unsigned long long found;
    long process;

    if (sscanf(line, "%*[^:]: %*s %*s %*s %ld %*x:%*x:%llu", &process, &found) != 2)
        return 0;
    return found == inode && process > 0 && process != (long)getpid() ? process : 0;
}

static long find_holder(const char *path)
{
    FILE *locks = fopen("/proc/locks", "r");
    struct stat about;
    char line[256];
    long process = 0;

    if (!locks)
        return 0;
    while (stat(path, &about) == 0 && process == 0 && fgets(line, sizeof line, locks))
        process = holder_in(line, (unsigned long long)about.st_ino);
    fclose(locks);
    return process;
}

/* What the process calls itself; false where that is gone, or nothing to show. */
static bool name_process(long process, char command[COMMAND_SIZE])
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%ld/comm", process);
    FILE *file = fopen(path, "r");
    bool is_named = file && fgets(command, COMMAND_SIZE, file);
    if (file)
        fclose(file);
    if (is_named)
        command[strcspn(command, "\n")] = '\0';
    return is_named && command[0] && gb_utf8_is_plain(command, false);
}

char *gb_holder_of(const char *path, char *buffer, size_t size)
{
    char command[COMMAND_SIZE];
    long process = find_holder(path);

    if (process == 0)
        snprintf(buffer, size, "another program");
    else if (name_process(process, command))
        snprintf(buffer, size, "'%s' (process %ld)", command, process);
    else
        snprintf(buffer, size, "process %ld", process);
    return buffer;
}
