# One meter over time: its power, what passes it, its battery, and prices.
# meter.dat: hours since the start of the run; load, the car's part of it, the heat pump's, solar, wind, net,
# traded, charging, discharging (kW); stored energy, the same grid-only (kWh); retail, feed-in, mean price
# bought and sold; a row for the start of each slot and one for its end.
# Set above: has_ev, has_heat_pump, has_solar, has_wind, has_battery, has_bought, has_sold, slot_hours,
# currency, the axis of time (x_low, x_high, x_tics, x_label, has_dates) and those of power, net, energy and
# prices (y1_low, ... to y4_format); notes.
# Redraw: gnuplot -e "fmt='pdf'" meter.gp
is_narrow = width_mm < 120
has_trades = has_bought || has_sold
date_mm = has_dates ? 4 : 0
# panels from the top down: where each begins below its key, and how high it is
key_mm = 6.5
first = key_mm; height_1 = 24
second = first + height_1 + key_mm; height_2 = 26
third = second + height_2 + 6.5; height_3 = 15
fourth = (has_battery ? third + height_3 : second + height_2) + 6.5; height_4 = 22
height_mm = fourth + height_4 + 11.5 + date_mm
load dir.'style.gp'
widest(a, b) = a > b ? a : b
left = axis_mm(widest(widest(y1_width, y2_width), widest(has_battery ? y3_width : 0, y4_width)))
set lmargin at screen x_mm(left); set rmargin at screen x_mm(width_mm - 5)
set xrange [x_low:x_high]
set format x ''
set xzeroaxis linestyle 80
set key left top horizontal Left reverse samplen 2 width (is_narrow ? 0 : 1) maxrows 1
# marks without names above the last panel
eval 'set xtics '.x_tics
set xtics textcolor rgb '#FFFFFF'
set xlabel ' '
set grid xtics ytics back linestyle 81
at_least(v) = v > 0 ? v : NaN
set multiplot
set tmargin at screen down_mm(first); set bmargin at screen down_mm(first + height_1)
set key at screen x_mm(left), screen down_mm(0.8)
set ylabel 'Power (kW)' offset 0.4,0
set yrange [y1_low:y1_high]; set ytics y1_step format y1_format
unset xlabel
plot data using 1:(at_least($5)) with filledcurves y1=0 lc rgb '#F7E9B5' notitle, \
     data using 1:(has_ev ? $3 : NaN) with filledcurves y1=0 fs pattern 4 lc rgb GREY title (has_ev ? 'car' : ''), \
     data using 1:(has_heat_pump ? $3 : NaN):($3 + $4) with filledcurves fs pattern 5 lc rgb GREY \
         title (has_heat_pump ? 'heat pump' : ''), \
     data using 1:(has_solar ? $5 : NaN) with lines lc rgb ORANGE lw 0.9 title (has_solar ? 'solar' : ''), \
     data using 1:(has_wind ? $6 : NaN) with lines lc rgb BLUE lw 1.3 dt (2,2) title (has_wind ? 'wind' : ''), \
     data using 1:2 with lines lc rgb INK lw 1.1 title 'load'
do for [i=1:n_notes] { unset label 900 + i }
set tmargin at screen down_mm(second); set bmargin at screen down_mm(second + height_2)
set key at screen x_mm(left), screen down_mm(second - key_mm + 0.8)
set ylabel 'At the meter (kW)' offset 0.4,0
set yrange [y2_low:y2_high]; set ytics y2_step format y2_format
plot data using 1:(at_least($7)) with filledcurves y1=0 lc rgb '#CFE3F1' notitle, \
     data using 1:(-at_least(-$7)) with filledcurves y1=0 lc rgb '#EAD3E3' notitle, \
     data using 1:7 with lines lc rgb INK lw 0.9 title 'net', \
     data using 1:(has_trades ? $8 : NaN) with lines lc rgb VERMILION lw 1.1 dt (7,2) title (has_trades ? 'traded' : ''), \
     data using 1:(has_battery ? $9 - $10 : NaN) with lines lc rgb GREEN lw 1.3 dt (2,2) \
         title (has_battery ? 'battery' : '')
if (has_battery) {
    set tmargin at screen down_mm(third); set bmargin at screen down_mm(third + height_3)
    set key at screen x_mm(left), screen down_mm(third - 5.7)
    set ylabel 'Stored (kWh)' offset 0.4,0
    set yrange [y3_low:y3_high]; set ytics y3_step format y3_format
    plot data using 1:11 with filledcurves y1=0 lc rgb '#DCEBF5' notitle, \
         data using 1:11 with lines lc rgb BLUE lw 1.2 title 'market', \
         data using 1:12 with lines lc rgb GREY lw 1.1 dt (5,3) title 'grid only'
}
set tmargin at screen down_mm(fourth); set bmargin at screen y_mm(foot_mm + 11.5 + date_mm)
set key at screen x_mm(left), screen down_mm(fourth - 5.7)
set xtics textcolor rgb INK
set xlabel x_label offset 0,(has_dates ? -0.7 : 0.4)
set ylabel 'Price ('.currency.'/kWh)' offset 0.4,0
set yrange [y4_low:y4_high]; set ytics y4_step format y4_format
unset xzeroaxis
plot data using 1:13 with lines lc rgb GREY lw 1 dt (6,3) title 'retail', \
     data using 1:14 with lines lc rgb GREY lw 1 dt (2,3) title 'feed-in', \
     data every 2 using ($1 + 0.5 * slot_hours):15 with points pt 9 ps (is_narrow ? 0.26 : 0.32) lw 0.6 lc rgb BLUE \
         title (has_bought ? 'bought' : ''), \
     data every 2 using ($1 + 0.5 * slot_hours):16 with points pt 4 ps (is_narrow ? 0.22 : 0.28) lw 0.6 lc rgb VERMILION \
         title (has_sold ? 'sold' : '')
unset multiplot
