/* The last net under HDF5, which does not survive everything: where an allocation inside it fails,
 * or a file is damaged in a way that it does not foresee, it may crash. The user then still gets a
 * message and an exit status, and no signal. */
#ifndef CLI_CRASH_HANDLER_H
#define CLI_CRASH_HANDLER_H

/* From here to gb_crash_handler_end() a crash, or an end of the program, is taken for one of HDF5
 * over the result at `path`, which is borrowed. Sanitizers keep crashes to themselves. */
void gb_crash_handler_begin(const char *path);
void gb_crash_handler_end(void);
/* A crash takes this file away as well: it is not whole yet. Borrowed; NULL is allowed. Forgotten
 * at gb_crash_handler_end(). */
void gb_crash_handler_remove(const char *path);

#endif
