# Price and share of trade, day by day.
# convergence.dat: a block of prices and one of shares in %: day, value, both ends of its 95 % interval.
# Set above: n_days, x_step, has_intervals, currency, the axes (y1_low, ..., y2_low, ...); notes.
# Redraw: gnuplot -e "fmt='pdf'" convergence.gp
is_narrow = width_mm < 120
panel_mm = 40
height_mm = is_narrow ? 2 * panel_mm + 24.5 : panel_mm + 15.5
load dir.'style.gp'
set xrange [1 - 0.02 * n_days:n_days * 1.02]
set xtics x_step
# ends of intervals of a share, as far as it can go
end(y) = p == 1 ? y : y < 0 ? 0 : y > 100 ? 100 : y
set multiplot
do for [p=1:2] {
    axis = 'y'.p
    place = is_narrow ? 0 : p - 1
    column_mm = is_narrow ? width_mm : width_mm / 2.0
    top = is_narrow ? 3 + (p - 1) * (panel_mm + 9) : 3
    characters = is_narrow && y2_width > y1_width ? y2_width : is_narrow ? y1_width : value(axis.'_width')
    set lmargin at screen x_mm(place * column_mm + axis_mm(characters))
    set rmargin at screen x_mm((place + 1) * column_mm - 3)
    set tmargin at screen down_mm(top); set bmargin at screen down_mm(top + panel_mm)
    if (p == 2 || !is_narrow) { set xlabel 'Day' offset 0,0.4 }
    set ylabel (p == 1 ? 'Mean price ('.currency.'/kWh)' : 'Traded (% of what could be)') offset 0.4,0
    set yrange [value(axis.'_low'):value(axis.'_high')]
    set ytics value(axis.'_step') format value(axis.'_format')
    plot data index p-1 using 1:(has_intervals ? end($3) : NaN):(end($4)) with filledcurves \
             fill transparent solid 0.18 noborder lc rgb BLUE, \
         data index p-1 using 1:2 with linespoints linestyle 1
    unset label
}
unset multiplot
