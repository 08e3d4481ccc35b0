# What beta does to each side beyond its smallest value, one curve a market.
# effect.dat: for buyers, then for sellers, where there are any: a block a curve with beta, mean paired
# difference and both ends of its 95 % interval, and a block with the names of the curves and where
# they stand.
# Set above: n_sides, n_curves, name_width, smallest_beta, caption, note, and for side 1 and 2 its
# label_1 and its axis: y1_low, y1_high, y1_step, y1_width (characters of its numbers), y1_format.
# Redraw: gnuplot -e "fmt='pdf'" effect.gp
is_tall = n_sides == 2 && name_width > 18
stem = 'effect'; width_cm = n_sides == 2 ? 17.6 : 12; height_cm = is_tall ? 12.8 : 6.8
load dir.'style.gp'
set xlabel 'Re-quote factor {/:Italic β}' offset 0,0.3
set rmargin name_width; set tmargin strlen(note) > 0 ? 3.9 : 3.2; set bmargin 3.2
set autoscale xfix
set offsets graph 0.02, graph 0.02, 0, 0
set xtics format '%g'; set mxtics 2
set xzeroaxis linestyle 80
band_share = n_curves > 2 ? 0.4 / n_curves : 0.18
set multiplot layout (is_tall ? 2 : 1),(is_tall ? 1 : n_sides)
set label 1 'difference from {/:Italic β} = '.smallest_beta.'; '.caption \
    at character 1.5, screen (is_tall ? 0.975 : 0.955) left textcolor rgb GREY font note_font
set label 2 note at character 1.5, screen 0.905 left textcolor rgb GREY font note_font
do for [side=1:n_sides] {
    first = (side - 1) * (n_curves + 1)
    axis = 'y'.side
    set lmargin value(axis.'_width') + 5.6
    set ylabel value('label_'.side).' (percentage points)'
    set yrange [value(axis.'_low'):value(axis.'_high')]
    set ytics value(axis.'_step') format value(axis.'_format')
    plot for [i=1:n_curves] data index first+i-1 using 1:3:4 with filledcurves \
             fill transparent solid band_share noborder lc rgb word(colours, i), \
         for [i=1:n_curves] for [end=3:4] data index first+i-1 using 1:end with lines dt i \
             lc rgb word(colours, i) lw 0.4, \
         for [i=1:n_curves] data index first+i-1 using 1:2 with linespoints linestyle i, \
         for [i=1:n_curves] data index first+n_curves every ::i-1::i-1 using 1:2:3 with labels \
             left offset 1.1,0 textcolor rgb word(colours, i) noenhanced
    unset label
}
unset multiplot
