# Balance of the community over the run: what it makes and uses, trades, draws and feeds in.
# balance.dat: hours since the start of the run, then mean powers in kW: generation, load with what goes
# into storage, own use of that, local trade, import, export and, of some homes alone, what was fed in for
# trades; every slot has a row for its start and one for its end.
# Set above: the axis of time (x_low, x_high, x_tics, x_label, has_dates), has_storage, is_of_homes, slot_hours,
# hatch_every (so many slots a line), and the axis of power: y_low, y_high, y_step, y_width (characters
# of its numbers), y_format; notes.
# Redraw: gnuplot -e "fmt='pdf'" balance.gp
is_narrow = width_mm < 120
height_mm = (is_narrow ? 68 : 74) + (has_dates ? 4 : 0)
load dir.'style.gp'
set multiplot
eval begin_key
set key at screen x_mm(1.5), screen down_mm(0.8) left top horizontal Left reverse samplen 1.8 width 0.5 \
    maxrows (is_narrow ? 3 : 2)
plot '+' using (2):(2):(2) with filledcurves fill solid lc rgb '#F7E9B5' title 'own use', \
     '+' using (2):(2):(2) with filledcurves fill solid lc rgb '#5DB89B' \
         title (is_of_homes ? 'traded' : 'local trade'), \
     '+' using (2):(2):(2) with filledcurves fill solid lc rgb '#A9CDE4' \
         title (is_of_homes ? 'from the grid' : 'import'), \
     '+' using (2):(2):(2) with filledcurves fill solid lc rgb '#C79BBB' \
         title (is_of_homes ? 'into the grid' : 'export'), \
     2 with lines lc rgb VERMILION lw 1.6 dt (7,2) title 'generation', \
     2 with lines lc rgb INK lw 1.3 dt 1 title (has_storage ? 'load and charging' : 'load')
eval end_key
set lmargin at screen x_mm(axis_mm(y_width)); set rmargin at screen x_mm(width_mm - 5)
set tmargin at screen down_mm(is_narrow ? 14.5 : 10.5)
set bmargin at screen y_mm(foot_mm + 11.5 + (has_dates ? 4 : 0))
set xlabel x_label offset 0,(has_dates ? -0.7 : 0.4)
set ylabel 'Power (kW)' offset 0.4,0
set xrange [x_low:x_high]
eval 'set xtics '.x_tics
set yrange [y_low:y_high]
set ytics y_step format y_format
# own use, local trade and import stand on each other and reach up to what is used: the sums are drawn
# from the largest down, each from 0 and where it is not 0, for areas that touch 0 leave hairlines;
# upright lines tell trade apart without colour
above_0(v) = v > 0 ? v : NaN
sold(t) = is_of_homes ? column(8) : 0
plot data using 1:(above_0($4 + $5 + $6)) with filledcurves y1=0 fill solid lc rgb '#A9CDE4', \
     data using 1:($5 > 0 ? $4 + $5 : NaN) with filledcurves y1=0 fill solid lc rgb '#5DB89B', \
     data every 2*hatch_every using ($1 + 0.5 * slot_hours):4:(0):($5 > 0 ? $5 : NaN) with vectors \
         nohead lc rgb '#0B5B45' lw 0.5, \
     data using 1:(above_0($4)) with filledcurves y1=0 fill solid lc rgb '#F7E9B5', \
     data using 1:(-above_0($7 + sold(0))) with filledcurves y1=0 fill solid lc rgb '#C79BBB', \
     data using 1:(-above_0(sold(0))) with filledcurves y1=0 fill solid lc rgb '#5DB89B', \
     data every 2*hatch_every using ($1 + 0.5 * slot_hours):(0):(0):(-above_0(sold(0))) with vectors \
         nohead lc rgb '#0B5B45' lw 0.5, \
     data using 1:2 with lines lc rgb VERMILION lw 1.6 dt (7,2), \
     data using 1:3 with lines lc rgb INK lw 1.3 dt 1
unset multiplot
