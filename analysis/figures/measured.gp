# Statistics of loads, modelled beside measured.
# measured.dat, blocks: the mean day; what is exceeded; correlation over time, each with a place and the
# quantiles 0.1, 0.5 and 0.9 over homes, modelled, then measured; then the variation of the homes of
# either.
# Set above: the axes of day, correlation and variation (y1_low, ..., y4_format), most_exceeded, most_hours,
# has_bands; notes.
# Redraw: gnuplot -e "fmt='pdf'" measured.gp
is_narrow = width_mm < 120
n_across = is_narrow ? 1 : 2
panel_mm = 42; key_mm = 6; below_mm = 12.5
height_mm = key_mm + (4 / n_across) * (panel_mm + below_mm)
load dir.'style.gp'
widest(a, b) = a > b ? a : b
left_mm = axis_mm(widest(widest(y1_width, y3_width), widest(y4_width, 3)))
across_mm = width_mm / (1.0 * n_across)
set format y '%g'
set multiplot
# panels row by row, panel 0 first
place = 'column = panel % n_across; row = panel / n_across; '. \
    'set lmargin at screen x_mm(column * across_mm + left_mm); '. \
    'set rmargin at screen x_mm((column + 1) * across_mm - 5); '. \
    'set tmargin at screen down_mm(key_mm + row * (panel_mm + below_mm)); '. \
    'set bmargin at screen down_mm(key_mm + row * (panel_mm + below_mm) + panel_mm)'
curves = 'plot data index panel using 1:(has_bands ? $2 : NaN):4 with filledcurves lc rgb "#CFE3F1" notitle, '. \
    'data index panel using 1:(has_bands ? $5 : NaN):7 with filledcurves fs pattern 6 lc rgb "#C08040" notitle, '. \
    'data index panel using 1:3 with lines lc rgb BLUE lw 1.5 title name_1, '. \
    'data index panel using 1:6 with lines lc rgb VERMILION lw 1.5 dt (7,3) title name_2'
name_1 = 'modelled'; name_2 = 'measured'
panel = 0; eval place
set key at screen x_mm(left_mm), screen down_mm(1.2) left top horizontal Left reverse samplen 2.6
set xrange [0:24]; set xtics 6; set xlabel 'Local time (h)' offset 0,0.4
set yrange [y1_low:y1_high]; set ytics y1_step format y1_format
set ylabel 'Load over its mean' offset 0.4,0
eval curves
do for [i=1:n_notes] { unset label 900 + i }
unset key; name_1 = ''; name_2 = ''
panel = 1; eval place
set xrange [0:100]; set xtics 20; set xlabel 'Share of the time that exceeds it (%)' offset 0,0.4
set logscale y; set yrange [0.03:most_exceeded]; set ytics autofreq format '%g'
eval curves
unset logscale y
panel = 2; eval place
set xrange [0:most_hours]; set xtics most_hours > 12 ? 6 : 1; set xlabel 'Apart (h)' offset 0,0.4
set yrange [y3_low:y3_high]; set ytics y3_step format y3_format
set ylabel 'Correlation of a home' offset 0.4,0
set xzeroaxis linestyle 80
eval curves
unset xzeroaxis
panel = 3; eval place
set xrange [0:100]; set xtics 20; set xlabel 'Homes, from the steadiest up (%)' offset 0,0.4
set yrange [y4_low:y4_high]; set ytics y4_step format y4_format
set ylabel 'Standard deviation over mean' offset 0.4,0
plot data index 3 using 1:2 with linespoints ls 1 lw 1.2 notitle, \
     data index 4 using 1:2 with linespoints ls 2 lw 1.2 notitle
unset multiplot
