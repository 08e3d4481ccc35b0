# The saving split by cause, a bar a cell.
# causes.dat: name, the causes, saving, lower and upper end of its 95 % interval, whether trials of
# the cell are missing.
# Set above: n_bars, longest_name, lines_label, n_causes, last_cause, cause_1 to that (empty: none of it), unit and
# the axis (x_low, x_high, x_step, x_width, x_format); notes.
# Redraw: gnuplot -e "fmt='pdf'" causes.gp
is_narrow = width_mm < 120
key_rows = is_narrow ? n_causes + 1 : int(ceil((n_causes + 1) / 3.0))
head_mm = 4.0 * key_rows + 2
bar_mm = n_bars == 1 ? 14 : n_bars > 8 ? 5.5 : 7.5
height_mm = head_mm + n_bars * bar_mm + 12.5
load dir.'style.gp'
set lmargin at screen x_mm(longest_name > 0 ? axis_mm(longest_name) : 5)
set rmargin at screen x_mm(width_mm - 4)
set tmargin at screen down_mm(head_mm); set bmargin at screen y_mm(foot_mm + 11.5)
set border 1 back linestyle 80
unset grid
set grid xtics back linestyle 81
set xlabel 'Saving ('.unit.')' offset 0,0.4
if (strlen(lines_label) > 0) { set ylabel lines_label offset 0.5,0 }
set xrange [x_low:x_high]; set xtics x_step format x_format
set yrange [n_bars - 0.5:-0.5]
set ytics scale 0
set arrow 1 from 0, graph 0 to 0, graph 1 nohead linestyle 80 front
set key at screen x_mm(1.5), screen down_mm(0.8) left top horizontal Left reverse samplen 1.8 width 0.5 \
    maxrows key_rows
# their lightness tells them apart without colour
hues = '#9CCAE6 #C75200 #F7E9B5 #7A4B6E #8A8A8A #5DB89B'
saving = last_cause + 2 # its column; its interval and whether trials are missing stand behind it
half = 0.36
part(i) = column(i + 1)
# parts above 0 stand behind each other to the right of it, those below 0 to the left
sum_before(i, s) = sum [k=1:i] (k < i && s * part(k) > 0 ? part(k) : 0)
from(i) = sum_before(i, part(i) >= 0 ? 1 : -1)
shown(i) = strlen(value('cause_'.i)) > 0
plot for [i=1:last_cause] data using (from(i)):0:(from(i)):(from(i) + part(i)):($0 - half):($0 + half) \
         with boxxyerror fill solid border lc rgb '#FFFFFF' lw 0.5 fc rgb word(hues, i) \
         title (shown(i) ? value('cause_'.i) : ''), \
     data using (column(saving + 2) > column(saving + 1) ? column(saving) : NaN):0:(column(saving + 1)):(column(saving + 2)) \
         with xerrorbars pt 0 lc rgb INK lw 1, \
     data using saving:0:ytic(strcol(1)) with points pt 7 ps 0.6 lc rgb INK title 'saving', \
     data using (column(saving + 3) > 0 ? column(saving) : NaN):0 with points pt 6 ps 1.1 lw 1 lc rgb INK
