# Income or cost of every user, the market beside grid-only (the paper's Figure 4).
# users.dat: name; market, half width of its 95 % interval; grid-only, half width. Income is positive.
# Set above: n_users, has_intervals, currency, caption, and of the axis y_step, y_width (characters of
# its numbers) and y_format.
# Redraw: gnuplot -e "fmt='pdf'" users.gp
stem = 'users'; width_cm = 17.6; height_cm = 6.2
load dir.'style.gp'
half = 0.18
set boxwidth 2 * half
set border 2 back linestyle 80
set xzeroaxis linestyle 80
unset xtics
set xrange [0.4:n_users + 0.6]
set autoscale yfix
set offsets 0, 0, graph 0.06, graph 0.06
set lmargin 8.5; set rmargin 1; set tmargin 2.4; set bmargin 0.8
# numbers of more than four characters need more room, and are written out
if (y_width > 4) { set lmargin y_width + 5; set ytics y_step format y_format }
set ylabel 'Income (+) or cost (−) ('.currency.')' offset 0.4,0
set key at graph 0, graph 1.12 left top horizontal Left reverse samplen 1.6 width 1
set label 1 caption at graph 1, graph 1.07 right textcolor rgb GREY font note_font
# names stand across the zero line from their bars, where nothing else is; above all where intervals
# reach across that line
stats data using ($2 < $4 ? $2 - $3 : $4 - $5) name 'L' nooutput
stats data using ($2 > $4 ? $2 + $3 : $4 + $5) name 'U' nooutput
top = U_max > 0 ? U_max : 0
gap = 0.055 * (top - (L_min < 0 ? L_min : 0))
name_y(v) = has_intervals ? top + gap : v >= 0 ? -gap : gap
step = n_users <= 44 ? 1 : 2
plot data using ($0 + 1 - half):4 with boxes lc rgb PALE title 'grid only', \
     data using ($0 + 1 + half):2 with boxes lc rgb BLUE title 'market', \
     data using ($0 + 1 - half):(has_intervals ? $4 - $5 : NaN):(0):(2 * $5) with vectors heads \
         size 0.1,90 lc rgb INK lw 0.8, \
     data using ($0 + 1 + half):(has_intervals ? $2 - $3 : NaN):(0):(2 * $3) with vectors heads \
         size 0.1,90 lc rgb INK lw 0.8, \
     data using ($0 + 1):(name_y($4)):(int($0) % step ? '' : strcol(1)) \
         with labels textcolor rgb INK noenhanced
