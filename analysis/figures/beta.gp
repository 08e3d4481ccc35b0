# Benefit of the market over grid-only against the re-quote factor beta, one curve a market.
# beta.dat: a block a curve with beta, mean and both ends of the 95 % interval; a last block with the
# names of the curves and where they stand.
# Set above: n_curves, name_width, has_intervals, has_effect, currency, denominator, caption, and the
# axis: y_low, y_high, y_step, y_width (characters of its numbers), y_format.
# Redraw: gnuplot -e "fmt='pdf'" beta.gp
stem = 'beta'; width_cm = name_width > 18 ? 17.6 : 8.6; height_cm = 6.8
load dir.'style.gp'
set xlabel 'Re-quote factor {/:Italic β}' offset 0,0.3
set ylabel 'Benefit ('.currency.' per '.denominator.')'
set lmargin y_width + 5.6; set rmargin name_width; set bmargin 3.2
set autoscale xfix
set offsets graph 0.02, graph 0.02, 0, 0
set xtics format '%g'; set mxtics 2
set yrange [y_low:y_high]
set ytics y_step format y_format
set xzeroaxis linestyle 80
# the bands hold the weather of the trials, which beta does not change
set tmargin has_intervals ? 3.4 : 2.1
set label 1 caption at graph 0, graph (has_intervals ? 1.155 : 1.075) left textcolor rgb GREY \
    font note_font
if (has_intervals) set label 2 'among trials'. \
    (has_effect ? '; what {/:Italic β} changes, paired: figure “effect”' : '') \
    at graph 0, graph 1.075 left textcolor rgb GREY font note_font
band_share = n_curves > 2 ? 0.4 / n_curves : 0.18
plot for [i=1:n_curves] data index i-1 using 1:3:4 with filledcurves \
         fill transparent solid band_share noborder lc rgb word(colours, i), \
     for [i=1:n_curves] for [end=3:4] data index i-1 using 1:end with lines dt i \
         lc rgb word(colours, i) lw 0.4, \
     for [i=1:n_curves] data index i-1 using 1:2 with linespoints linestyle i, \
     for [i=1:n_curves] data index n_curves every ::i-1::i-1 using 1:2:3 with labels \
         left offset 1.1,0 textcolor rgb word(colours, i) noenhanced
