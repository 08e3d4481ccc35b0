# The orders of one slot as supply and demand steps, and the trades the auction made of them: a panel a
# book, in the order in which the books are cleared.
# clearing.dat: six blocks a book: supply, demand (cumulated energy, quote); the region where they cross
# (energy, ask, bid); trades of round 1, trades of later rounds (from, to, price), energy cumulated
# trade by trade; names of the two curves where they begin, and how far they go where they are cut.
# Set above: n_books, n_columns, n_first_trades, n_later_trades, has_caps, retail, feed_in, currency, the
# axis of prices (y_low, y_high, y_step, y_width, y_format), and for book 1 its title_1 and its axis of
# energy (x1_high, x1_step); notes.
# Redraw: gnuplot -e "fmt='pdf'" clearing.gp
n_rows = n_books / n_columns
head_mm = n_first_trades + n_later_trades > 0 ? 6.5 : 2.5
title_mm = strlen(title_1) > 0 ? 5 : 0
panel_mm = n_rows > 1 ? 40 : 46
below_mm = 12
height_mm = head_mm + n_rows * (title_mm + panel_mm + below_mm)
load dir.'style.gp'
# many trades: their ends would hide them
if (has_caps) { set errorbars 1 } else { set errorbars small }
dot = has_caps ? 0.42 : 0.22
tariff_mm = 19
left_mm = axis_mm(y_width)
column_mm = (width_mm - left_mm - tariff_mm) / n_columns
set multiplot
if (n_first_trades + n_later_trades > 0) {
    eval begin_key
    set key at screen x_mm(left_mm), screen down_mm(0.8) left top horizontal Left reverse samplen 1.8 \
        width 1 maxrows 1
    plot '+' using (2):(2):(0.1) with xerrorbars pt 7 ps dot lc rgb INK lw 1.3 \
             title (n_first_trades > 0 ? 'trades of round 1' : ''), \
         '+' using (2):(2):(0.1) with xerrorbars pt 9 ps 1.4 * dot lc rgb GREEN lw 1.3 \
             title (n_later_trades > 0 ? 'of later rounds' : '')
    eval end_key
    unset xzeroaxis
}
do for [book=1:n_books] {
    first = 6 * (book - 1)
    axis = 'x'.book
    place = (book - 1) % n_columns
    row = (book - 1) / n_columns
    top = head_mm + row * (title_mm + panel_mm + below_mm) + title_mm
    set lmargin at screen x_mm(left_mm + place * column_mm + (place > 0 ? 2.5 : 0))
    set rmargin at screen x_mm(left_mm + (place + 1) * column_mm)
    set tmargin at screen down_mm(top)
    set bmargin at screen down_mm(top + panel_mm)
    set yrange [y_low:y_high]
    set ytics y_step format y_format
    set xrange [0:value(axis.'_high')]
    set xtics value(axis.'_step') format '%g'
    set xlabel 'Cumulated energy (kWh)' offset 0,0.4
    if (place == 0) {
        set ylabel 'Price ('.currency.'/kWh)' offset 0.4,0
        set format y y_format
    } else { unset ylabel; set format y '' }
    set label 3 value('title_'.book) at graph 0, screen down_mm(top - 2) left font bold_font
    if (place == n_columns - 1) {
        set label 4 sprintf('retail %g', retail) at graph 1, first retail left offset 0.6,0 \
            textcolor rgb GREY
        set label 5 sprintf('feed-in %g', feed_in) at graph 1, first feed_in left offset 0.6,0 \
            textcolor rgb GREY
    }
    set arrow 1 from graph 0, first retail to graph 1, first retail nohead lc rgb GREY lw 0.8 \
        dt (2,3)
    set arrow 2 from graph 0, first feed_in to graph 1, first feed_in nohead lc rgb GREY lw 0.8 \
        dt (2,3)
    plot data index first+2 using 1:2:3 with filledcurves lc rgb '#E4ECF3', \
         data index first using 1:2 with lines lc rgb BLUE lw 1.5 dt 1, \
         data index first+1 using 1:2 with lines lc rgb VERMILION lw 1.5 dt (8,3), \
         data index first+3 using (($1 + $2) / 2):3:(($2 - $1) / 2) with xerrorbars pt 7 ps dot \
             lc rgb INK lw 1.3, \
         data index first+4 using (($1 + $2) / 2):3:(($2 - $1) / 2) with xerrorbars pt 9 \
             ps 1.4 * dot lc rgb GREEN lw 1.3, \
         data index first+5 every ::0::0 using 1:2:3 with labels left offset 0.5,0 \
             textcolor rgb BLUE, \
         data index first+5 every ::1::1 using 1:2:3 with labels right textcolor rgb BLUE, \
         data index first+5 every ::2::2 using 1:2:3 with labels left offset 0.5,0 \
             textcolor rgb VERMILION, \
         data index first+5 every ::3::3 using 1:2:3 with labels right textcolor rgb VERMILION
    unset label
}
unset multiplot
