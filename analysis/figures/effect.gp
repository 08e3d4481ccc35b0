# What beta does to each side beyond its smallest value, one curve a market.
# effect.dat: for buyers, then for sellers: a block a curve with beta, mean paired difference and both
# ends of its 95 % interval, and a block with the names of the curves and where they stand.
# Set above: n_curves, name_width, decimals_1, decimals_2, smallest_beta, caption.
# Redraw: gnuplot -e "fmt='pdf'" effect.gp
stem = 'effect'; width_cm = 17.6; height_cm = 6.4
load dir.'style.gp'
set xlabel 'Re-quote factor {/:Italic β}' offset 0,0.3
set lmargin 10; set rmargin name_width; set tmargin 2.6; set bmargin 3.2
set autoscale xfix; set autoscale yfix
set offsets graph 0.02, graph 0.02, graph 0.05, graph 0.05
set xtics format '%g'; set mxtics 2
set xzeroaxis linestyle 80
set multiplot layout 1,2
set label 1 'difference from {/:Italic β} = '.smallest_beta.', '.caption at screen 0.5, screen 0.955 \
    center textcolor rgb GREY font note_font
do for [side=1:2] {
    first = (side - 1) * (n_curves + 1)
    set ylabel (side == 1 ? "Buyers\' saving (percentage points)" \
                          : "Sellers\' gain (percentage points)") offset 0.5,0
    set ytics format '%.'.(side == 1 ? decimals_1 : decimals_2).'f'
    plot for [i=1:n_curves] data index first+i-1 using 1:3:4 with filledcurves \
             fill transparent solid 0.18 noborder lc rgb word(colours, i), \
         for [i=1:n_curves] for [end=3:4] data index first+i-1 using 1:end with lines dt i \
             lc rgb word(colours, i) lw 0.4, \
         for [i=1:n_curves] data index first+i-1 using 1:2 with linespoints linestyle i, \
         for [i=1:n_curves] data index first+n_curves every ::i-1::i-1 using 1:2:3 with labels \
             left offset 0.9,0 textcolor rgb word(colours, i) noenhanced
    unset label 1
}
unset multiplot
