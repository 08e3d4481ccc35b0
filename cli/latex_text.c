#include "cli/latex_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* \footnotesize of a class of 10 pt, cmr8: letters are as wide as 8.5 times those in em. */
#define EM_PT 8.5

/* A sign is an operator only in mathematics: "-9.45 ± 0.20" and "[-9.6, +1]", not in 2023-06-01. So
 * is "< 0.0001", which LaTeX's text fonts print as an exclamation mark upside down. */
static bool is_operator(const char *text, const char *at)
{
    bool is_sign = (*at == '-' || *at == '+') && isdigit((unsigned char)at[1]);
    bool is_in_name =
        at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '-' || at[-1] == '_');

    return *at == '<' || *at == '>' || (is_sign && !is_in_name);
}

/* Two of these are set as one other character: "--" as a dash. */
static bool is_ligature(const char *text, const char *at)
{
    return at > text && at[-1] == *at && strchr("-',", *at);
}

static bool is_plus_minus(const char *at)
{
    return strncmp(at, "±", strlen("±")) == 0;
}

static void print_character(const char *text, const char *at, FILE *out)
{
    if (is_operator(text, at))
        fprintf(out, "$%c$", *at);
    else if (is_plus_minus(at))
        fputs("$\\pm$", out);
    else if (*at == '\\')
        fputs("\\textbackslash{}", out);
    else if (*at == '~' || *at == '^')
        fprintf(out, "\\%c{}", *at);
    else if (strchr("%&_#${}", *at))
        fprintf(out, "\\%c", *at);
    else if (*at == '|')
        fputs("\\textbar{}", out);
    else if (*at == '"')
        fputs("\\texttt{\\char34}", out); /* elsewhere it is set as one of a pair */
    else if (*at == '`')
        fputs("\\`{}", out);
    else
        fprintf(out, "%s%c", is_ligature(text, at) ? "{}" : "", *at);
}

void gb_latex_print_part(const char *text, size_t n, FILE *out)
{
    for (const char *at = text; at < text + n; at++) {
        print_character(text, at, out);
        at += is_plus_minus(at) ? strlen("±") - 1 : 0;
    }
}

void gb_latex_print_breakable(const char *text, FILE *out)
{
    for (const char *at = text; *at; at++) {
        print_character(text, at, out);
        at += is_plus_minus(at) ? strlen("±") - 1 : 0;
        if (strchr(",._=", *at) && isalpha((unsigned char)at[1]))
            fputs("\\allowbreak ", out);
    }
}

void gb_latex_print(const char *text, FILE *out)
{
    fputs(text[0] == ' ' && text[1] == ' ' ? "\\quad " : "", out);
    gb_latex_print_part(text, strlen(text), out);
}

/* In thousandths of an em: Computer Modern Roman's (Knuth 1986, Computers and Typesetting E),
 * capitals as wide as most. */
static unsigned em_of(const char *text, const char *at)
{
    static const unsigned short small[] = {500, 556, 444, 556, 444, 306, 500, 556, 278,
                                           306, 528, 278, 833, 556, 500, 556, 528, 392,
                                           394, 389, 556, 528, 722, 528, 528, 444};

    if (*at >= 'a' && *at <= 'z')
        return small[*at - 'a'];
    if (*at >= 'A' && *at <= 'Z')
        return 780;
    if (is_operator(text, at) || is_plus_minus(at))
        return 778;
    if (*at == '%')
        return 833;
    return strchr(".,:;[]'", *at) ? 278 : *at == ' ' || *at == '-' ? 333 : 500;
}

double gb_latex_width(const char *text, size_t n)
{
    unsigned em = 0;

    for (const char *at = text; at < text + n; at++)
        if (((unsigned char)*at & 0xc0) != 0x80)
            em += em_of(text, at);
    return EM_PT * em / 1000.0;
}
