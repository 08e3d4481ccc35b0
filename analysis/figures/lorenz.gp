# Lorenz curve of the gains of the users, a curve a cell.
# lorenz.dat: a block a curve with the share of the users, the share of the gains, both ends of its 95 %
# interval, in %.
# Set above: n_curves, name_1, lines_label, has_intervals, the axis (y_low, y_high, y_step, y_width,
# y_format); notes.
# Redraw: gnuplot -e "fmt='pdf'" lorenz.gp
height_mm = 70
load dir.'style.gp'
set lmargin at screen x_mm(axis_mm(y_width)); set rmargin at screen x_mm(width_mm - 4)
set tmargin at screen down_mm(3); set bmargin at screen y_mm(foot_mm + 11.5)
set xlabel 'Users, those who gain least first (%)' offset 0,0.4
set ylabel 'Gains (%)' offset 0.4,0
set xrange [0:100]; set xtics 20
set yrange [y_low:y_high]; set ytics y_step format y_format
set xzeroaxis linestyle 80
set key top left Left reverse samplen 2.6
if (n_curves > 1) { set key title lines_label left }
band_share = n_curves > 2 ? 0.4 / n_curves : 0.18
plot for [i=1:n_curves] data index i-1 using 1:(has_intervals ? $3 : NaN):4 with filledcurves \
         fill transparent solid band_share noborder lc rgb word(colours, i), \
     for [i=1:n_curves] data index i-1 using 1:2 with lines linestyle i lw 1.5 \
         title (n_curves > 1 ? value('name_'.i) : ''), \
     [0:100] x with lines lc rgb GREY lw 1 dt (2,3) title 'equal gains'
