# Income or cost of every user, the market beside grid-only (the paper's Figure 4).
# users.dat: name; market, half width of its 95 % interval; grid-only, half width. Income is positive.
# Set above: n_users, n_up (so many of them have an income, and stand first; 0 where they stand as they
# came), has_intervals, name_step (every so many a user's name has room), longest_mm (of a name), are_upright
# (all names stand upright below the axis), currency, the axis (y_low, y_high, y_step, y_width, y_format)
# and y_max, the highest end of a bar; notes.
# Redraw: gnuplot -e "fmt='pdf'" users.gp
names_mm = are_upright ? longest_mm + 2 : 0
height_mm = 58 + names_mm
load dir.'style.gp'
half = 0.18
set boxwidth 2 * half
set border 2 back linestyle 80
set xzeroaxis linestyle 80
unset xtics
# half a name in bars, which reaches beyond the first and the last of them
set lmargin at screen x_mm(axis_mm(y_width)); set rmargin at screen x_mm(width_mm - 1)
half_name = are_upright ? 0 : 0.5 * longest_mm * n_users / (width_mm - axis_mm(y_width) - 1)
beside = half_name > 0.5 ? half_name + 0.1 : 0.6
set xrange [1 - beside:n_users + beside]
# none stands where it would reach over the bars of the other side
skipped = half_name > 0.7 ? int(ceil(half_name - 0.3)) : 0
is_first_of(k) = has_intervals || n_up == 0 ? k % name_step == 0 : \
    k < n_up ? k % name_step == 0 && k + skipped < n_up : \
    k - n_up >= skipped && (k - n_up - skipped) % name_step == 0
# names stand across the zero line from their bars, where nothing else is; above all where intervals
# reach across that line, or names reach to neighbours who stand as they came, on any side
is_above = has_intervals || (n_up == 0 && half_name > 0.5)
gap = are_upright ? 0 : 0.055 * (y_high - y_low)
top = is_above ? y_max + 2 * gap : y_max > gap ? y_high : 2.2 * gap
set yrange [y_low < -gap ? y_low : -2.2 * gap:top > y_high ? top : y_high]
set ytics y_step format y_format
set tmargin at screen down_mm(6.5); set bmargin at screen y_mm(foot_mm + names_mm + 1.5)
set ylabel 'Income (+) or cost (−) ('.currency.')' offset 0.4,0
set key at screen x_mm(axis_mm(y_width)), screen down_mm(0.8) left top horizontal Left reverse \
    samplen 1.6 width 1
name_y(grid, market) = is_above ? y_max + gap : grid >= 0 && market >= 0 ? -gap : \
    market > 0 ? market + gap : gap
label = are_upright ? 'xticlabels(1)' : '(NaN)'
if (are_upright) { set xtics scale 0 rotate by 90 right textcolor rgb INK }
plot data using ($0 + 1 - half):4 with boxes lc rgb PALE title 'grid only', \
     data using ($0 + 1 + half):2 with boxes lc rgb BLUE title 'market', \
     data using ($0 + 1 - half):(has_intervals ? $4 - $5 : NaN):(0):(2 * $5) with vectors heads \
         size 0.1,90 lc rgb INK lw 0.8, \
     data using ($0 + 1 + half):(has_intervals ? $2 - $3 : NaN):(0):(2 * $3) with vectors heads \
         size 0.1,90 lc rgb INK lw 0.8, \
     data using ($0 + 1):(name_y($4, $2)):(!are_upright && is_first_of(int($0)) ? strcol(1) : '') \
         with labels textcolor rgb INK, \
     data using ($0 + 1):(NaN):@label with points
