# Distribution of the time from an order sent to stable, a curve a cell.
# latency.dat: for each curve a block of time (ms) and share of orders (%) and one of its marks at 50, 95
# and 99 % of the orders that were stable.
# Set above: n_curves, name_1, lines_label, is_log_x, x_first and the axis of time (x_high, x_step); notes.
# Redraw: gnuplot -e "fmt='pdf'" latency.gp
height_mm = 62
load dir.'style.gp'
set lmargin at screen x_mm(axis_mm(4)); set rmargin at screen x_mm(width_mm - edge_mm(x_width))
set tmargin at screen down_mm(3); set bmargin at screen y_mm(foot_mm + 11.5)
set xlabel 'Order sent to stable (ms)' offset 0,0.4
set ylabel 'Orders (%)' offset 0.4,0
if (is_log_x) { set logscale x; set xtics format '%g' } else { set xtics x_step format '%g' }
set xrange [x_first:(is_log_x ? x_high * 1.05 : x_high)]
set yrange [0:103]
set ytics 20
set grid xtics ytics back linestyle 81
set key bottom right Left reverse samplen 2.6
if (n_curves > 1) { set key title lines_label textcolor rgb INK left }
plot for [i=1:n_curves] data index 2*i-2 using 1:2 with steps linestyle i lw 1.5, \
     for [i=1:n_curves] data index 2*i-1 using 1:2 with points linestyle i ps 0.7, \
     for [i=1:n_curves] NaN with linespoints linestyle i lw 1.5 ps 0.6 \
         title (n_curves > 1 ? value('name_'.i) : '')
