# A key figure over two keys of a sweep: a field a cell.
# map.dat: number of the value along x and along y, value, lower and upper end of its 95 % interval,
# whether trials of the cell are missing.
# Set above: n_x, n_y, x_tics, y_tics, x_label, y_label, longest_y (characters), upright_x (of the
# longest name of a column where they stand upright, or 0), low and high of the
# values, z_label, z_step, z_width and z_format of their scale, has_values (they have room in their
# fields, by format), lacks_trials; notes.
# Redraw: gnuplot -e "fmt='pdf'" map.gp
left_mm = longest_y * 1.6 + 9
right_mm = 8 + 1.6 * z_width
side_mm = (width_mm - left_mm - right_mm) / n_x
row_mm = n_y * 9.0 < 30 ? 30.0 / n_y : n_y * 9.0 > 110 ? 110.0 / n_y : 9.0
names_mm = 11.5 + (upright_x > 0 ? 1.5 * upright_x - 2.5 : 0)
height_mm = 6.5 + n_y * row_mm + names_mm
load dir.'style.gp'
set lmargin at screen x_mm(left_mm); set rmargin at screen x_mm(width_mm - right_mm)
set tmargin at screen down_mm(6.5); set bmargin at screen y_mm(foot_mm + names_mm)
unset grid
set border 3 front linestyle 80
set xrange [-0.5:n_x - 0.5]
set yrange [-0.5:n_y - 0.5]
eval 'set xtics '.x_tics.' scale 0'.(upright_x > 0 ? ' rotate by 90 right' : '')
eval 'set ytics '.y_tics.' scale 0'
set xlabel x_label offset 0,0.4
set ylabel y_label offset 0.5,0
# from dark to light, so that grey print keeps the order (cividis, J. R. Nunez et al. 2018)
set palette defined (0 '#00224E', 1 '#35456C', 2 '#666970', 3 '#948E77', 4 '#C8B866', 5 '#FEE838')
set cbrange [low:high]
set label 1 z_label at screen x_mm(width_mm - 1.5), screen down_mm(3) right
set cbtics z_step format z_format scale 0.4
set colorbox user origin screen x_mm(width_mm - right_mm + 2), graph 0 size screen x_mm(3), graph 1
is_light(v) = v > low + 0.55 * (high - low)
plot data using 1:2:($1 - 0.5):($1 + 0.5):($2 - 0.5):($2 + 0.5):3 with boxxyerror fill solid \
         lc palette, \
     data using 1:2:(has_values && is_light($3) ? sprintf(format, $3) : '') with labels \
         font note_font textcolor rgb '#000000', \
     data using 1:2:(has_values && !is_light($3) ? sprintf(format, $3) : '') with labels \
         font note_font textcolor rgb '#FFFFFF', \
     data using ($6 > 0 ? $1 : NaN):2 with points pt 6 ps 2.2 lw 1.5 lc rgb '#FFFFFF', \
     data using ($6 > 0 ? $1 : NaN):2 with points pt 6 ps 1.9 lw 0.8 lc rgb '#000000'
