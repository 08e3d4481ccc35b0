# Key figures against a key of a sweep, a curve each value of a second one, in one panel or several.
# STEM.dat: panel by panel a block a curve with x, mean, both ends of the 95 % interval, whether trials
# of the cell are missing, trials, whether it stands alone on its line; a last block with the names of the curves and where they stand.
# Set above: n_panels, n_columns, n_curves, has_bands, lacks_trials; the axis of x (x_low, x_high,
# x_tics, x_label, is_log_x, are_words, has_tilted_words, longest_word); of panel 1 its title_1,
# (the longest in title_lines lines), y_label_1 in y_lines_1 lines, whether it is_empty_1, and its axis (y1_low, y1_high, y1_step, y1_width,
# y1_format) and what its values can be (y1_least, y1_most), up to which intervals are drawn; of the curves name_1, lines_label, whether their names are_direct
# (name_mm wide, heading_is_long) or stand in a key of key_rows; notes.
# Redraw: gnuplot -e "fmt='pdf'" curves.gp
n_rows = int(ceil(n_panels / (1.0 * n_columns)))
has_titles = strlen(title_1) > 0
head_mm = key_rows > 0 ? 4.0 * key_rows + (strlen(lines_label) > 0 ? 4.2 : 0) + 1 : \
          are_direct ? 5.5 : 3
title_mm = has_titles ? 5.5 + 3.4 * (title_lines - 1) : 0
# below a panel: numbers and title of its axis; long words are tilted
below_mm = has_tilted_words ? 8 + 1.15 * (longest_word > 24 ? 24 : longest_word) : 12
panel_mm = n_panels == 1 ? 44 : 38
height_mm = head_mm + n_rows * (title_mm + panel_mm + below_mm + 1)
load dir.'style.gp'
set xzeroaxis linestyle 80
band_share = n_curves > 2 ? 0.4 / n_curves : 0.18
# words: points side by side
apart = are_words ? 0.12 : 0
at(x, i) = x + apart * (i - 0.5 * (n_curves + 1))
heading_side = heading_is_long ? 'right' : 'left'
column_mm = (width_mm - 2.0) / n_columns
title_at(p) = strstrt(value('title_'.p), "\n") ? 5 : 2.4 # from the panel up to the middle of its title
# panels above each other begin at one edge
edge_mm(p) = axis_mm(value('y'.p.'_width')) + 3.4 * (value('y_lines_'.p) - 1)
do for [p=1:n_panels] {
    edge = 'edge_'.((p - 1) % n_columns)
    if (p <= n_columns || edge_mm(p) > value(edge)) { eval sprintf('%s = %g', edge, edge_mm(p)) }
}
# ends of bars: among words a share of the room of one, on an axis of numbers of the panel
bar_end = are_words ? '0.06' : 'graph 0.012'
low_is_none(p) = value('is_empty_'.p)
# an end of an interval, as far as a share can go
end(y) = y < least ? least : y > most ? most : y
set multiplot
# the key in a plot of its own, that has the whole width
if (key_rows > 0) {
    eval begin_key
    set key at screen x_mm(1.5), screen down_mm(strlen(lines_label) > 0 ? 4.4 : 0.8) left top \
        horizontal Left reverse samplen 3 width 1 maxrows key_rows
    set label 4 lines_label at screen x_mm(1.5), screen down_mm(2.6) left \
        textcolor rgb GREY
    plot for [i=1:n_curves] 2 with linespoints linestyle i title value('name_'.i)
    eval end_key
}
set xrange [x_low:x_high]
if (is_log_x) { set logscale x }
eval 'set xtics '.x_tics.' '.(has_tilted_words ? 'rotate by 35 right' : '')
if (!are_words && !is_log_x) { set xtics format '%g' }
set xlabel x_label offset 0,0.4
do for [p=1:n_panels] {
    place = (p - 1) % n_columns
    row = (p - 1) / n_columns
    axis = 'y'.p
    set lmargin at screen x_mm(place * column_mm + value('edge_'.place))
    set rmargin at screen x_mm((place + 1) * column_mm - 1.5 - name_mm)
    top = head_mm + row * (title_mm + panel_mm + below_mm + 1) + title_mm
    set tmargin at screen down_mm(top)
    set bmargin at screen down_mm(top + panel_mm)
    set ylabel value('y_label_'.p) offset 0.5 - 1.2 * (value('y_lines_'.p) - 1),0
    set yrange [value(axis.'_low'):value(axis.'_high')]
    set ytics value(axis.'_step') format value(axis.'_format')
    set label 3 value('title_'.p) at graph 0, screen down_mm(top - title_at(p)) left font bold_font
    if (low_is_none(p)) {
        set label 5 'no value' at graph 0.5, graph 0.5 center textcolor rgb GREY
    }
    if (are_direct) {
        set label 4 lines_label at graph 1, screen down_mm(2.6) \
            @heading_side offset (heading_is_long ? 0 : 1.1),0 textcolor rgb GREY
    }
    first = (p - 1) * n_curves
    least = value(axis.'_least')
    most = value(axis.'_most')
    plot for [i=1:n_curves] data index first+i-1 using 1:(are_words ? NaN : end($3)):(end($4)) with filledcurves \
             fill transparent solid band_share noborder lc rgb word(colours, i), \
         for [i=1:n_curves] for [side=3:4] data index first+i-1 using 1:(are_words ? NaN : end(column(side))) \
             with lines dt i lc rgb word(colours, i) lw 0.4, \
         for [i=1:n_curves] data index first+i-1 using (at($1, i)):((are_words || $7 > 0) && has_bands ? end($3) : NaN) \
             :(0):(end($4) - end($3)) with vectors heads size @bar_end,90 lc rgb word(colours, i) lw 1, \
         for [i=1:n_curves] data index first+i-1 using (at($1, i)):2 \
             with linespoints linestyle i lw (are_words ? 0.3 : 1.4), \
         for [i=1:n_curves] data index first+i-1 using (are_words ? at($1, i) : NaN):2 \
             with points linestyle i ps 0.6, \
         for [i=1:n_curves] data index first+i-1 using (at($1, i)):($5 > 0 ? $2 : NaN) \
             with points pt 6 ps 1.1 lw 1 lc rgb INK, \
         for [i=1:n_curves] data index n_panels*n_curves every ::i-1::i-1 \
             using (at($1, n_curves)):2:(are_direct ? strcol(3) : '') with labels \
             left offset 1.1,0 textcolor rgb word(colours, i)
    unset label
}
unset multiplot
