# Stored energy over time, and below it what charges and discharges.
# storage.dat: hours since the start of the run, stored energy (kWh) at the end of the slot, the same of
# the grid-only run (NaN: not in the result), charging and discharging (kW); a row for the start of each
# slot and one for its end.
# Set above: the axis of time (x_low, x_high, x_tics, x_label, has_dates), has_baseline, the axes of
# energy (y1_low, ...) and power (y2_low, ...); notes.
# Redraw: gnuplot -e "fmt='pdf'" storage.gp
date_mm = has_dates ? 4 : 0
height_mm = 73 + date_mm
load dir.'style.gp'
left = axis_mm(y1_width > y2_width ? y1_width : y2_width)
set lmargin at screen x_mm(left); set rmargin at screen x_mm(width_mm - 5)
set xrange [x_low:x_high]
eval 'set xtics '.x_tics
set multiplot
set tmargin at screen down_mm(6.5); set bmargin at screen down_mm(35)
set format x ''
set ylabel 'Stored (kWh)' offset 0.4,0
set yrange [y1_low:y1_high]; set ytics y1_step format y1_format
set key at screen x_mm(left), screen down_mm(0.8) left top horizontal Left reverse samplen 2.2 width 1
eval 'set xtics '.x_tics.' format ""'
set xtics textcolor rgb '#FFFFFF'
# grid only lies on the market's line where both are equal: thin and dark on what is broad and pale
plot data using 1:2 with filledcurves y1=0 lc rgb '#DCEBF5', \
     data using 1:2 with lines lc rgb (has_baseline ? SKY : BLUE) lw (has_baseline ? 3 : 1.5) \
         title (has_baseline ? 'market' : ''), \
     data using 1:3 with lines lc rgb INK lw 0.9 dt (7,5) title (has_baseline ? 'grid only' : '')
unset label
set tmargin at screen down_mm(41.5); set bmargin at screen y_mm(foot_mm + 11.5 + date_mm)
set xtics textcolor rgb INK
set xlabel x_label offset 0,(has_dates ? -0.7 : 0.4)
set ylabel 'Power (kW)' offset 0.4,0
set yrange [y2_low:y2_high]; set ytics y2_step format y2_format
set xzeroaxis linestyle 80
set key at screen x_mm(width_mm - 3), screen down_mm(36.5) right top horizontal Left reverse samplen 1.8
plot data using 1:($4 > 0 ? $4 : NaN) with filledcurves y1=0 lc rgb '#8FD0BC' title 'charging', \
     data using 1:($5 > 0 ? -$5 : NaN) with filledcurves y1=0 lc rgb '#F0B48A' title 'discharging', \
     data using 1:($4 > 0 ? $4 : NaN) with lines lc rgb GREEN lw 0.8, \
     data using 1:($5 > 0 ? -$5 : NaN) with lines lc rgb VERMILION lw 0.8
unset multiplot
