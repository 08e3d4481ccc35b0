# Map of the kinds of households by benefit.
# kinds.dat: energy through the meter of a home (kWh), its saving, both ends of its 95 % interval, homes,
# kind; a row a kind.
# Set above: slope (saving of all homes for each kWh), has_intervals, currency, the axes (x_low, ...,
# y_format); notes.
# Redraw: gnuplot -e "fmt='pdf'" kinds.gp
height_mm = 75
load dir.'style.gp'
set lmargin at screen x_mm(axis_mm(y_width)); set rmargin at screen x_mm(width_mm - 5)
set tmargin at screen down_mm(8); set bmargin at screen y_mm(foot_mm + 11.5)
set xlabel 'Energy through the meter of a home (kWh)' offset 0,0.4
set ylabel 'Saving of a home ('.currency.')' offset 0.4,0
set xrange [x_low:x_high]; set xtics x_step format x_format
set yrange [y_low:y_high]; set ytics y_step format y_format
set xzeroaxis linestyle 80
set key at graph 0, graph 1.1 left top Left reverse samplen 2.6
# the line ends at a name and goes on behind it
set style textbox opaque margins 1,0.8 fillcolor rgb '#FFFFFF' noborder
# a name stands right of its point, and left of it where it would leave the page
plot_mm = width_mm - axis_mm(y_width) - 5
is_right(x, name) = (x - x_low) / (x_high - x_low) * plot_mm + strlen(name) * char_mm + 2 < plot_mm + 5
plot slope * x with lines lc rgb GREY lw 1 dt (6,4) title 'all homes together', \
     data using (is_right($1, strcol(6)) ? $1 : NaN):2:6 with labels left offset 0.9,0.35 boxed noenhanced notitle, \
     data using (is_right($1, strcol(6)) ? NaN : $1):2:6 with labels right offset -0.9,0.35 boxed noenhanced notitle, \
     data using 1:(has_intervals ? $2 : NaN):3:4 with yerrorbars lc rgb word(colours, 1) lw 1.2 \
         pointtype 7 pointsize 0.01 notitle, \
     data using 1:2 with points pointtype 7 pointsize 0.8 lc rgb word(colours, 1) notitle
