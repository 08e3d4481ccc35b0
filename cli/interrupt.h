/* Signals, for commands whose files must not stay half written. Ctrl-C, SIGTERM, a hangup and what
 * batch systems send before they kill (SIGXCPU, SIGUSR1, SIGUSR2) are a question that long work
 * asks: the first one is noted, one that comes more than a second later ends the program at once. A
 * supervisor (timeout, a batch system, a terminal) often sends the same wish to the process and to
 * its group: that is no second one. A file grown beyond its limit (SIGXFSZ) and a reader who has
 * gone (SIGPIPE) make the write fail instead, which then cleans up as after any other failure. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

void gb_interrupt_watch(void);
/* The last two alone: whoever reads the beginning of what is printed wants the file all the same.
 */
void gb_interrupt_outlive_reader(void);
bool gb_interrupt_came(void);
/* Ends the program as a closed pipe would have ended it. Returns where it would not have. */
void gb_interrupt_end_by_pipe(void);

#endif
