# The orders of one slot as supply and demand steps, and the trades the auction made of them: a panel a
# book, in the order in which the books are cleared.
# clearing.dat: six blocks a book: supply, demand (cumulated energy, quote); the region where they cross
# (energy, ask, bid); trades of round 1, trades of later rounds (from, to, price), energy cumulated
# trade by trade; names of the two curves where they begin, and how far they go where they are cut.
# Set above: n_books, n_first_trades, n_late_trades, has_caps, retail, feed_in, currency, caption, the
# axis of prices (y_low, y_high, y_step, y_width, y_format), and for book 1 its title_1 and its axis of
# energy (x1_high, x1_step).
# Redraw: gnuplot -e "fmt='pdf'" clearing.gp
stem = 'clearing'; width_cm = n_books > 1 ? 17.6 : 12; height_cm = 7.2
load dir.'style.gp'
set yrange [y_low:y_high]
set ytics y_step format y_format
# many trades: their ends would hide them
if (has_caps) { set errorbars 1 } else { set errorbars small }
dot = has_caps ? 0.42 : 0.22
# above the panels: caption and key, beside each other where there is room for both; titles of books
has_row = n_books == 1 && n_first_trades + n_late_trades > 0
caption_y = has_row ? 0.895 : 0.955
head = 2.2 + (has_row ? 1.2 : n_books > 1 ? 0.6 : 0) + (strlen(title_1) > 0 ? 1.1 : 0)
set multiplot layout 1,n_books margins char (y_width + 5.6),char 11.5,char 3.2,char head \
    spacing char 3.5, char 0
set label 1 caption at char 1.5, screen caption_y left textcolor rgb GREY font note_font
set key at screen 0.99, screen 0.995 right top horizontal Left reverse samplen 2.2 width 1
do for [book=1:n_books] {
    first = 6 * (book - 1)
    axis = 'x'.book
    set xrange [0:value(axis.'_high')]
    set xtics value(axis.'_step') format '%g'
    set xlabel 'Cumulated energy (kWh)' offset 0,0.3
    if (book == 1) {
        set ylabel 'Price ('.currency.'/kWh)'
    } else { unset key; unset ylabel; set format y ''; unset label 1 }
    set label 3 value('title_'.book) at graph 0.01, graph 1.045 left
    if (book == n_books) {
        set label 4 sprintf('retail %g', retail) at graph 1.02, first retail left textcolor rgb GREY
        set label 5 sprintf('feed-in %g', feed_in) at graph 1.02, first feed_in left \
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
             lc rgb INK lw 1.3 title (n_first_trades > 0 ? 'trades of round 1' : ''), \
         data index first+4 using (($1 + $2) / 2):3:(($2 - $1) / 2) with xerrorbars pt 9 \
             ps 1.4 * dot lc rgb GREEN lw 1.3 title (n_late_trades > 0 ? 'of later rounds' : ''), \
         data index first+5 every ::0::0 using 1:2:3 with labels left offset 0.5,0 \
             textcolor rgb BLUE, \
         data index first+5 every ::1::1 using 1:2:3 with labels right textcolor rgb BLUE, \
         data index first+5 every ::2::2 using 1:2:3 with labels left offset 0.5,0 \
             textcolor rgb VERMILION, \
         data index first+5 every ::3::3 using 1:2:3 with labels right textcolor rgb VERMILION
}
unset multiplot
