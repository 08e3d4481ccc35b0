# Benefit of the market over grid-only against the re-quote factor beta, one curve a market.
# beta.dat: a block a curve with beta, mean and both ends of the 95 % interval; a last block with the
# names of the curves and where they stand.
# Set above: n_curves, name_width, decimals, currency, caption.
# Redraw: gnuplot -e "fmt='pdf'" beta.gp
stem = 'beta'; width_cm = 8.6; height_cm = 6.4
load dir.'style.gp'
set xlabel 'Re-quote factor {/:Italic β}' offset 0,0.3
set ylabel 'Benefit ('.currency.' per meter and day)' offset 0.5,0
set lmargin 9.2; set rmargin name_width; set tmargin 1.6; set bmargin 3.2
set autoscale xfix; set autoscale yfix
set offsets graph 0.02, graph 0.02, graph 0.05, graph 0.05
set xtics format '%g'; set mxtics 2
set ytics format '%.'.decimals.'f'
set label 1 caption at graph 0, graph 1.05 left textcolor rgb GREY font note_font
plot for [i=1:n_curves] data index i-1 using 1:3:4 with filledcurves \
         fill transparent solid 0.18 noborder lc rgb word(colours, i), \
     for [i=1:n_curves] for [end=3:4] data index i-1 using 1:end with lines dt i \
         lc rgb word(colours, i) lw 0.4, \
     for [i=1:n_curves] data index i-1 using 1:2 with linespoints linestyle i, \
     for [i=1:n_curves] data index n_curves every ::i-1::i-1 using 1:2:3 with labels \
         left offset 0.9,0 textcolor rgb word(colours, i) noenhanced
