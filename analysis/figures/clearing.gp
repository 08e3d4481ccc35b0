# The orders of one slot as supply and demand steps, and the trades the auction made of them.
# clearing.dat: supply, demand (cumulated energy, quote); the region where they cross (energy, ask,
# bid); trades of round 1, trades of later rounds (from, to, price), energy cumulated trade by trade;
# where the two curves begin, with their names.
# Set above: retail, feed_in, lowest, highest, n_first_trades, n_late_trades, currency, caption.
# Redraw: gnuplot -e "fmt='pdf'" clearing.gp
stem = 'clearing'; width_cm = 12; height_cm = 6.8
load dir.'style.gp'
set xlabel 'Cumulated energy (kWh)' offset 0,0.3
set ylabel 'Price ('.currency.'/kWh)' offset 0.4,0
set lmargin 8; set rmargin 11; set tmargin 3.3; set bmargin 3.2
edge = 0.06 * (highest - lowest)
set yrange [lowest - edge:highest + edge]
set xrange [0:*]
set autoscale xfixmax
set offsets 0, graph 0.04, 0, 0
set ytics format '%.2f'
set key at graph 0, graph 1.185 left top horizontal Left reverse samplen 2.2 width 1
set label 1 caption at graph 0, graph 1.055 left textcolor rgb GREY font note_font
set label 2 sprintf('retail %g', retail) at graph 1.015, first retail left textcolor rgb GREY
set label 3 sprintf('feed-in %g', feed_in) at graph 1.015, first feed_in left textcolor rgb GREY
set arrow 1 from graph 0, first retail to graph 1, first retail nohead lc rgb GREY lw 0.8 dt (2,3)
set arrow 2 from graph 0, first feed_in to graph 1, first feed_in nohead lc rgb GREY lw 0.8 dt (2,3)
plot data index 2 using 1:2:3 with filledcurves lc rgb '#E4ECF3', \
     data index 0 using 1:2 with lines lc rgb BLUE lw 1.5 dt 1, \
     data index 1 using 1:2 with lines lc rgb VERMILION lw 1.5 dt (8,3), \
     data index 3 using (($1 + $2) / 2):3:(($2 - $1) / 2) with xerrorbars pt 7 ps 0.42 \
         lc rgb INK lw 1.3 title (n_first_trades > 0 ? 'trades of round 1' : ''), \
     data index 4 using (($1 + $2) / 2):3:(($2 - $1) / 2) with xerrorbars pt 9 ps 0.6 \
         lc rgb GREEN lw 1.3 title (n_late_trades > 0 ? 'of later rounds' : ''), \
     data index 5 every ::0::0 using 1:2:3 with labels left offset 0.5,-0.75 textcolor rgb BLUE, \
     data index 5 every ::1::1 using 1:2:3 with labels left offset 0.5,0.75 textcolor rgb VERMILION
