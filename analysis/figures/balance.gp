# Balance of the community over the run: what it makes and uses, trades, draws and feeds in.
# balance.dat: hour, then mean powers in kW: generation, load, local trade, import, export; every slot
# has a row for its start and one for its end.
# Set above: hours, caption.    Redraw: gnuplot -e "fmt='pdf'" balance.gp
stem = 'balance'; width_cm = 17.6; height_cm = 6.6
load dir.'style.gp'
unit = hours > 48 ? 24.0 : 1.0
set xlabel (hours > 48 ? 'Day of the run' : 'Hour of the run') offset 0,0.4
set ylabel 'Power (kW)' offset 0.4,0
set lmargin 7.5; set rmargin 2; set tmargin 2.2; set bmargin 3
set xrange [0:hours / unit]
if (hours <= 48) { set xtics 0, (hours > 24 ? 6 : 3); set mxtics 3 }
set xzeroaxis linestyle 80
set autoscale yfix
set offsets 0, 0, graph 0.06, graph 0.06
set key at graph 0, graph 1.11 left top horizontal Left reverse samplen 1.8 width 1 maxrows 1
set label 1 caption at graph 1, graph 1.065 right textcolor rgb GREY font note_font
# local trade and import stand on each other: together they are what users did not make themselves
plot data using ($1 / unit):4:($4 + $5) with filledcurves lc rgb '#B5D4E8' title 'import', \
     data using ($1 / unit):(0):4 with filledcurves lc rgb '#5FBFA4' title 'local trade', \
     data using ($1 / unit):(0):(-$6) with filledcurves lc rgb '#F3C9AC' title 'export', \
     data using ($1 / unit):2 with lines lc rgb ORANGE lw 1.6 dt (7,2) title 'generation', \
     data using ($1 / unit):3 with lines lc rgb INK lw 1.3 dt 1 title 'load'
