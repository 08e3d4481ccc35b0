# Main effects of the keys of a sweep on a key figure, a row a value.
# main.dat: row, value of the key or its name, effect, lower and upper end of its 95 % interval, whether
# the row is a key's head.
# Set above: n_rows, longest_name (characters of a value), x_label_1 in x_lines lines, the axis (x_low, x_high, x_step,
# x_width, x_format); notes.
# Redraw: gnuplot -e "fmt='pdf'" main.gp
height_mm = 4 + 4.6 * n_rows + 12 + 3.6 * (x_lines - 1)
load dir.'style.gp'
left_mm = longest_name * char_mm + 5 # as analysis/figure_main_effects.c has it
set lmargin at screen x_mm(left_mm); set rmargin at screen x_mm(width_mm - edge_mm(x_width))
set tmargin at screen down_mm(3); set bmargin at screen y_mm(foot_mm + 11.5 + 3.6 * (x_lines - 1))
set border 1 back linestyle 80
unset grid
set grid xtics back linestyle 81
set xlabel x_label_1 offset 0,0.4
set xrange [x_low:x_high]; set xtics x_step format x_format
set yrange [n_rows - 0.4:-0.6]
unset ytics
set arrow 1 from 0, graph 0 to 0, graph 1 nohead linestyle 80
plot data using ($6 > 0 ? NaN : $3):1:4:5 with xerrorbars pt 7 ps 0.5 lc rgb BLUE lw 1.2, \
     data using (x_low):($6 > 0 ? NaN : $1):2 with labels right offset -1,0, \
     data using (x_low):($6 > 0 ? $1 : NaN):2 with labels left offset 0.3,0 font bold_font
