/* Two texts in one. */
#ifndef CLI_JOIN_H
#define CLI_JOIN_H

/* a and then b, to be freed; NULL without memory. */
char *gb_join(const char *a, const char *b);

#endif
