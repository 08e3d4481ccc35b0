/* Ctrl-C and SIGTERM, as a question long work asks: the first is noted, the second kills. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

void gb_interrupt_watch(void);
bool gb_interrupt_came(void);

#endif
