/* Names, locks and texts below every file that is written. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/new_file.h"
#include "base/text.h"
#include "tests/tap.h"

#define FOLDER "test_files.folder"

static void clean_up(void)
{
    static const char *const names[] = {"a", "b", "loop", "plain", "plain.part", "locked"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[64];

        snprintf(path, sizeof path, FOLDER "/%s", names[i]);
        unlink(path);
    }
    rmdir(FOLDER);
}

static void links_are_followed_to_a_file_that_need_not_be_there(void)
{
    struct gb_error err = {0};
    char *target = NULL;

    EXPECT_INT(mkdir(FOLDER, 0777), 0);
    EXPECT_INT(symlink("b", FOLDER "/a"), 0);
    EXPECT_INT(symlink("plain", FOLDER "/b"), 0);
    EXPECT_INT(gb_file_target(&target, FOLDER "/a", &err), GB_OK);
    EXPECT(target && strcmp(target, FOLDER "/plain") == 0);
    free(target);
    target = NULL;
    EXPECT_INT(gb_file_target(&target, "/dev/null", &err), GB_OK);
    EXPECT(target && strcmp(target, "/dev/null") == 0);
    free(target);
    target = NULL;
    EXPECT_INT(symlink("loop", FOLDER "/loop"), 0);
    EXPECT_INT(gb_file_target(&target, FOLDER "/loop", &err), GB_EFILE);
    EXPECT(target == NULL && strstr(err.text, "round in a circle"));
    clean_up();
}

static void a_new_file_appears_when_it_is_closed(void)
{
    struct gb_error err = {0};
    struct gb_new_file file;
    struct stat about;
    char line[16] = "";

    EXPECT_INT(mkdir(FOLDER, 0777), 0);
    EXPECT_INT(gb_new_file_open(&file, FOLDER "/plain", &err), GB_OK);
    fputs("whole\n", file.stream);
    EXPECT(stat(FOLDER "/plain", &about) != 0 && stat(FOLDER "/plain.part", &about) == 0);
    EXPECT_INT(gb_new_file_close(&file, &err), GB_OK);
    EXPECT(stat(FOLDER "/plain.part", &about) != 0);
    FILE *read = fopen(FOLDER "/plain", "r");
    EXPECT(read && fgets(line, sizeof line, read) && strcmp(line, "whole\n") == 0);
    if (read)
        fclose(read);
    EXPECT_INT(gb_new_file_open(&file, "no/such/folder", &err), GB_EFILE);
    clean_up();
}

static void a_sealed_file_is_published_or_abandoned(void)
{
    struct gb_error err = {0};
    struct gb_new_file file;
    struct stat about;

    EXPECT_INT(mkdir(FOLDER, 0777), 0);
    EXPECT_INT(gb_new_file_open_as(&file, FOLDER "/plain", "thing", true, &err), GB_OK);
    fputs("sealed\n", file.stream);
    EXPECT_INT(gb_new_file_seal(&file, &err), GB_OK);
    EXPECT(stat(FOLDER "/plain.part", &about) == 0 && about.st_size == 7);
    gb_new_file_abandon(&file);
    EXPECT(stat(FOLDER "/plain.part", &about) != 0 && stat(FOLDER "/plain", &about) != 0);

    EXPECT_INT(gb_new_file_open_as(&file, FOLDER "/plain", "thing", false, &err), GB_OK);
    EXPECT_INT(gb_new_file_seal(&file, &err), GB_OK);
    EXPECT_INT(mkdir(FOLDER "/plain", 0777), 0); /* what no file can replace */
    EXPECT_INT(gb_new_file_publish(&file, &err), GB_EFILE);
    EXPECT(strstr(err.text, "cannot write the thing '" FOLDER "/plain': ") != NULL);
    gb_new_file_leave(&file);
    EXPECT(stat(FOLDER "/plain.part", &about) == 0);
    rmdir(FOLDER "/plain");
    gb_new_file_abandon(&file); /* closed already */
    clean_up();
}

static void a_file_that_cannot_be_written_leaves_the_old_one(void)
{
    struct gb_error err = {0};
    struct gb_new_file file;

    if (access("/dev/full", W_OK) != 0)
        return;
    EXPECT_INT(gb_new_file_open(&file, "/dev/full", &err), GB_OK);
    EXPECT(!file.is_plain);
    fputs("lost\n", file.stream);
    EXPECT_INT(gb_new_file_close(&file, &err), GB_EFILE);
    EXPECT(strstr(err.text, strerror(ENOSPC)) != NULL);
}

static void a_file_is_read_whole_and_known_by_its_ends(void)
{
    struct gb_error err = {0};
    struct gb_new_file file;
    char *text = NULL, end[8];
    size_t n = 0;

    EXPECT_INT(mkdir(FOLDER, 0777), 0);
    EXPECT_INT(gb_new_file_open(&file, FOLDER "/plain", &err), GB_OK);
    for (int i = 0; i < 40000; i++)
        fprintf(file.stream, "%05d", i);
    EXPECT_INT(gb_new_file_close(&file, &err), GB_OK);
    EXPECT_INT(gb_file_read(FOLDER "/plain", 200000, &text, &n, &err), GB_OK);
    EXPECT_INT((int64_t)n, 200000);
    EXPECT(text && strlen(text) == n && strcmp(text + n - 10, "3999839999") == 0);
    free(text);
    n = 7;
    EXPECT(gb_file_head(FOLDER "/plain", end, &n) && n == 7 && memcmp(end, "0000000", n) == 0);
    n = sizeof end;
    EXPECT(gb_file_tail(FOLDER "/plain", end, &n) && n == 8 && memcmp(end, "99839999", n) == 0);
    EXPECT_INT(gb_file_read(FOLDER "/plain", 199999, &text, &n, &err), GB_EFILE);
    EXPECT(strstr(err.text, "larger") != NULL);
    EXPECT_INT(gb_file_read(FOLDER, 199999, &text, &n, NULL), GB_EFILE);
    EXPECT(!gb_file_head(FOLDER "/b", end, &n) && !gb_file_tail(FOLDER "/b", end, &n));
    EXPECT_INT(truncate(FOLDER "/plain", 3), 0);
    n = sizeof end;
    EXPECT(gb_file_tail(FOLDER "/plain", end, &n) && n == 3 && memcmp(end, "000", n) == 0);
    clean_up();
}

/* A lock is a process's: another one has to ask. */
static enum gb_lock asked_by_another(const char *path)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        int file;

        _exit((int)gb_lock_open(&file, path, O_RDWR));
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)
               ? (enum gb_lock)WEXITSTATUS(status)
               : GB_LOCK_FAILED;
}

static bool is_seen_by_another(const char *path)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0)
        _exit(gb_lock_is_busy(path) ? 0 : 1);
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static void a_lock_keeps_others_away_until_its_file_is_closed(void)
{
    int file = -1;

    EXPECT_INT(mkdir(FOLDER, 0777), 0);
    enum gb_lock lock = gb_lock_open(&file, FOLDER "/locked", O_RDWR | O_CREAT);
    if (lock != GB_LOCK_UNKNOWN) {
        EXPECT_INT(lock, GB_LOCK_HELD);
        EXPECT_INT(asked_by_another(FOLDER "/locked"), GB_LOCK_BUSY);
        EXPECT(is_seen_by_another(FOLDER "/locked"));
        close(file);
        EXPECT(!is_seen_by_another(FOLDER "/locked"));
        EXPECT_INT(asked_by_another(FOLDER "/locked"), GB_LOCK_HELD);
    } else
        close(file);
    EXPECT_INT(gb_lock_open(&file, FOLDER "/no/such", O_RDWR | O_CREAT), GB_LOCK_FAILED);
    EXPECT_INT(file, -1);
    EXPECT_INT(errno, ENOENT);
    EXPECT(!gb_lock_is_busy(FOLDER "/no/such"));
    clean_up();
}

static void a_text_grows_as_it_is_printed(void)
{
    struct gb_text text;
    bool is_right = true;

    EXPECT(gb_text_open(&text));
    for (int i = 0; i < 20000; i++)
        fprintf(text.stream, "%05d", i);
    char *whole = gb_text_close(&text);
    EXPECT(whole != NULL);
    EXPECT_INT(whole ? (int64_t)strlen(whole) : 0, 100000);
    for (int i = 0; whole && i < 20000; i++) {
        char number[12];

        snprintf(number, sizeof number, "%05d", i);
        is_right = is_right && memcmp(whole + (size_t)i * 5, number, 5) == 0;
    }
    EXPECT(is_right);
    free(whole);
    EXPECT(gb_text_open(&text));
    whole = gb_text_close(&text);
    EXPECT(whole && !whole[0]);
    free(whole);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(links_are_followed_to_a_file_that_need_not_be_there),
        TAP(a_new_file_appears_when_it_is_closed),
        TAP(a_sealed_file_is_published_or_abandoned),
        TAP(a_file_that_cannot_be_written_leaves_the_old_one),
        TAP(a_file_is_read_whole_and_known_by_its_ends),
        TAP(a_lock_keeps_others_away_until_its_file_is_closed),
        TAP(a_text_grows_as_it_is_printed),
        {0}};
    return tap_main("files", tests);
}
