/* Templates of strategies of the user's own, and a village, which `gridbourse init` writes. They
 * are files of experiments/, where tests run them, and are part of the program, so that it needs no
 * other file to hand them out. */
#ifndef CLI_TEMPLATES_H
#define CLI_TEMPLATES_H

struct gb_template {
    const char *name; /* "python", as --strategy-process takes it; "plugin", "village" */
    const char *text;
};

/* The template of this name, or NULL. */
const struct gb_template *gb_template_find(const char *name);

#endif
