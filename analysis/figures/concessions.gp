# How a few agents give way: their quotes while something of them rested, their reserves, and the trades
# whose prices they go towards.
# concessions.dat: trades (seconds after the opening, price, the ask and the bid that met, energy); then
# two blocks for each order: its quotes (seconds, quote), its reserve (seconds at the gate, price).
# Set above: n_paths, name_1 to name_n, n_trades, currency, the axes of time (x_low, x_high, ...) and of prices
# (y_low, ...); notes.
# Redraw: gnuplot -e "fmt='pdf'" concessions.gp
is_narrow = width_mm < 120
key_mm = 3.6 * (is_narrow ? n_paths + 1 : (n_paths + 4) / 4) + 1.5
height_mm = 72 + key_mm
load dir.'style.gp'
set lmargin at screen x_mm(axis_mm(y_width)); set rmargin at screen x_mm(width_mm - 5)
set tmargin at screen down_mm(key_mm + 1.5); set bmargin at screen y_mm(foot_mm + 11.5)
set xlabel 'Time after the opening (s)' offset 0,0.4
set ylabel 'Price ('.currency.'/kWh)' offset 0.4,0
set xrange [x_low:x_high]
set xtics x_step format '%g'
set yrange [y_low:y_high]
set ytics y_step format y_format
set key at screen x_mm(axis_mm(y_width)), screen down_mm(0.8) left top horizontal Left reverse \
    samplen 3 width 1 maxcols (is_narrow ? 1 : 4)
plot data index 0 using 1:2 with points pt 7 ps 0.3 lc rgb PALE, \
     for [i=1:n_paths] data index 2*i-1 using 1:2 with lines ls i lw 1.6, \
     for [i=1:n_paths] data index 2*i using ($1 - 0.015 * (x_high - x_low)):2 with points ls i ps 0.75, \
     for [i=1:n_paths] NaN with linespoints ls i lw 1.6 ps 0.75 title value('name_'.i), \
     NaN with points pt 7 ps 0.45 lc rgb PALE title (n_trades > 0 ? 'trades' : '')
