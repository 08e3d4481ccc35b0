/* Texts as LaTeX sets them: escaped, signs of numbers as mathematics, and how wide they come to. */
#ifndef CLI_LATEX_TEXT_H
#define CLI_LATEX_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* One that begins with two blanks, as a part of what stands above it, is set in. */
void gb_latex_print(const char *text, FILE *out);
/* Its first n bytes. */
void gb_latex_print_part(const char *text, size_t n, FILE *out);
/* The same, but that lines may break within names of keys and conditions, which hold no blanks. */
void gb_latex_print_breakable(const char *text, FILE *out);

/* The width of the first n bytes of a text in \footnotesize of a class of 10 pt, in pt. */
double gb_latex_width(const char *text, size_t n);

#endif
