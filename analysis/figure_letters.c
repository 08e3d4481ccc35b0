/* How wide a text is in a figure: widths of Liberation Sans, which are those of Helvetica, for
 * letters of 8 pt. */
#include "analysis/figures_priv.h"

#define EM_MM (8.0 * 25.4 / 72.0)
#define OTHER_LETTER 556 /* beyond ASCII: as wide as most */

/* in 1/1000 of the size, from the space to the tilde */
static const unsigned short widths[] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

double gb_figure_text_mm(const char *text)
{
    unsigned long width = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if (*at >= ' ' && *at <= '~')
            width += widths[*at - ' '];
        else if ((*at & 0xC0) != 0x80) /* the first byte of a letter */
            width += OTHER_LETTER;
    return (double)width * EM_MM / 1000.0;
}
