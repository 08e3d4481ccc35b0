# Balance of the community over the run: what it makes and uses, trades, draws and feeds in.
# balance.dat: time, then mean powers in kW: generation, load, local trade, import, export; every slot
# has a row for its start and one for its end.
# Set above: length, x_step and unit of time, caption, and the axis of power: y_low, y_high, y_step,
# y_width (characters of its numbers), y_format.
# Redraw: gnuplot -e "fmt='pdf'" balance.gp
stem = 'balance'; width_cm = 17.6; height_cm = 7
load dir.'style.gp'
set xlabel unit.' of the run' offset 0,0.4
set ylabel 'Power (kW)'
set lmargin y_width + 5.6; set rmargin 2; set tmargin 3.2; set bmargin 3
set xrange [0:length]
set xtics x_step format '%g'
set yrange [y_low:y_high]
set ytics y_step format y_format
set xzeroaxis linestyle 80
set key at graph 0, screen 0.995 left top horizontal Left reverse samplen 1.8 width 1 maxrows 1
set label 1 caption at graph 0, graph 1.055 left textcolor rgb GREY font note_font
# local trade and import stand on each other: together they are what users did not make themselves
plot data using 1:4:($4 + $5) with filledcurves lc rgb '#B5D4E8' title 'import', \
     data using 1:(0):4 with filledcurves lc rgb '#5FBFA4' title 'local trade', \
     data using 1:(0):(-$6) with filledcurves lc rgb '#F3C9AC' title 'export', \
     data using 1:2 with lines lc rgb ORANGE lw 1.6 dt (7,2) title 'generation', \
     data using 1:3 with lines lc rgb INK lw 1.3 dt 1 title 'load'
