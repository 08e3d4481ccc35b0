# What each user gains on trading with the grid alone, from the one who loses most up.
# gains.dat: name, rank, gain, lower and upper end of its 95 % interval.
# Set above: n_users, have_names (and longest_mm, the widest; are_upright where they have no room lying),
# has_intervals, currency, the axis (y_low, y_high, y_step, y_width, y_format); notes.
# Redraw: gnuplot -e "fmt='pdf'" gains.gp
names_mm = !have_names ? 4.5 : are_upright ? longest_mm + 2 : 4.5
height_mm = 52 + names_mm + 5.5
load dir.'style.gp'
set border 2 back linestyle 80
set lmargin at screen x_mm(axis_mm(y_width)); set rmargin at screen x_mm(width_mm - (have_names ? 1.5 : 4))
set tmargin at screen down_mm(3); set bmargin at screen y_mm(foot_mm + names_mm + 5.5)
set xzeroaxis linestyle 80
set xrange [0.4:n_users + 0.6]
set yrange [y_low:y_high]
set ytics y_step format y_format
set ylabel 'Gain on grid-only ('.currency.')' offset 0.4,0
# gnuplot places a title below names that it takes for wider than they are
if (have_names && are_upright) { set label 1 'Users by gain' at graph 0.5, screen y_mm(foot_mm + 2.5) center \
    textcolor rgb INK \
} else { set xlabel 'Users by gain'.(have_names ? '' : ' (rank)') offset 0,0.4 }
if (have_names) { set xtics scale 0; if (are_upright) { set xtics rotate by 90 right } }
few = n_users <= 64
label = have_names ? 'xticlabels(1)' : '(NaN)'
if (!have_names) { set border 3 }
half = 0.32
set boxwidth 2 * half
# who loses stands out without colour too: a hollow bar
plot data using 2:(few && $3 >= 0 ? $3 : NaN) with boxes lc rgb '#7FB8DC', \
     data using 2:(few && $3 < 0 ? $3 : NaN) with boxes fill empty border lc rgb VERMILION lw 1, \
     data using 2:(few ? NaN : $4):5 with filledcurves lc rgb '#CFE2F0', \
     data using 2:(few ? NaN : $3) with lines lc rgb BLUE lw 1.5, \
     data using 2:(few && has_intervals ? $4 : NaN):(0):($5 - $4) with vectors heads size 0.08,90 \
         lc rgb INK lw 0.8, \
     data using 2:(NaN):@label with points
