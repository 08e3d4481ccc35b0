# Load-duration curves of the community.
# duration.dat: share of the time (%), load, generation and net (kW) that are exceeded or reached for so
# long; two rows a slot.
# Set above: the axis of power (y_low, y_high, y_step, y_width, y_format); notes.
# Redraw: gnuplot -e "fmt='pdf'" duration.gp
height_mm = 66
load dir.'style.gp'
set lmargin at screen x_mm(axis_mm(y_width)); set rmargin at screen x_mm(width_mm - 5)
set tmargin at screen down_mm(3); set bmargin at screen y_mm(foot_mm + 11.5)
set xlabel 'Share of the time (%)' offset 0,0.4
set ylabel 'Power (kW)' offset 0.4,0
set xrange [0:100]; set xtics 20
set yrange [y_low:y_high]; set ytics y_step format y_format
set xzeroaxis linestyle 80
set key top right Left reverse samplen 2.6
plot data using 1:($4 < 0 ? $4 : NaN) with filledcurves y1=0 lc rgb '#F0D9B4' notitle, \
     data using 1:2 with lines linestyle 1 lw 1.5 title 'load', \
     data using 1:3 with lines linestyle 3 lw 1.5 title 'generation', \
     data using 1:4 with lines linestyle 2 lw 1.5 title 'net'
