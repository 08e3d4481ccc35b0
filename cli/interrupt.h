/* Ctrl-C, SIGTERM and a hangup, as a question long work asks: the first one is noted, one that
 * comes more than a second later ends the program at once. A supervisor (timeout, a batch system, a
 * terminal) often sends the same wish to the process and to its group: that is no second one. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

void gb_interrupt_watch(void);
bool gb_interrupt_came(void);

#endif
