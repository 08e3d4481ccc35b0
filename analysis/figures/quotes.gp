# The quotes of a slot while they rested, and the trades on top of them.
# quotes.dat: three blocks: asks, bids (seconds after the opening, quote; an order a group of lines),
# trades (seconds, price, the ask and the bid that met, energy).
# Set above: n_asks and n_bids (that rested), n_trades, currency, the axes of time (x_low, x_high, x_step, ...) and of prices (y_low, ...);
# notes.
# Redraw: gnuplot -e "fmt='pdf'" quotes.gp
height_mm = 78
load dir.'style.gp'
set lmargin at screen x_mm(axis_mm(y_width)); set rmargin at screen x_mm(width_mm - 5)
set tmargin at screen down_mm(7); set bmargin at screen y_mm(foot_mm + 11.5)
set xlabel 'Time after the opening (s)' offset 0,0.4
set ylabel 'Price ('.currency.'/kWh)' offset 0.4,0
set xrange [x_low:x_high]
set xtics x_step format '%g'
set yrange [y_low:y_high]
set ytics y_step format y_format
unset grid
set key at screen x_mm(axis_mm(y_width)), screen down_mm(0.8) left top horizontal Left reverse \
    samplen 2.2 width 1 maxrows 1
# quotes lie behind: pale, asks as full lines and bids as dashes, so that grey print tells them apart
dot = n_trades > 200 ? 0.26 : 0.36
plot data index 0 using 1:2 with lines lc rgb '#7FB2D9' lw 0.8 dt 1, \
     data index 1 using 1:2 with lines lc rgb '#E8A87C' lw 0.8 dt (5,3), \
     data index 2 using 1:4:(0):($3 - $4) with vectors nohead lc rgb GREY lw 0.7, \
     data index 2 using 1:2 with points pt 7 ps dot lc rgb INK, \
     NaN with lines lc rgb '#7FB2D9' lw 1.2 dt 1 title (n_asks > 0 ? 'asks' : ''), \
     NaN with lines lc rgb '#E8A87C' lw 1.2 dt (5,3) title (n_bids > 0 ? 'bids' : ''), \
     NaN with points pt 7 ps 0.45 lc rgb INK title (n_trades > 0 ? 'trades' : '')
