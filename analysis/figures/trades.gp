# Prices of the trades over time, and the mean of each slot weighted by energy.
# trades.dat: five blocks of trades, by source (middle of the slot in hours since the start of the run,
# price, energy in kWh, round), one of the means of the slots at their starts and ends, and where tariff_varies
# one of retail and feed-in at the same times.
# Set above: name_1 to name_5 (empty: no trade of that source), n_trades, has_tariff, tariff_varies, retail and
# feed_in (of the last slot),
# currency, the axis of time (x_low, x_high, x_tics, x_label, has_dates) and of prices (y_low, ...); notes.
# Redraw: gnuplot -e "fmt='pdf'" trades.gp
is_narrow = width_mm < 120
date_mm = has_dates ? 4 : 0
height_mm = 68 + date_mm
load dir.'style.gp'
set lmargin at screen x_mm(axis_mm(y_width)); set rmargin at screen x_mm(width_mm - (has_tariff ? 19 : 5))
set tmargin at screen down_mm(6.5); set bmargin at screen y_mm(foot_mm + 11.5 + date_mm)
set xlabel x_label offset 0,(has_dates ? -0.7 : 0.4)
set ylabel 'Price ('.currency.'/kWh)' offset 0.4,0
set xrange [x_low:x_high]
eval 'set xtics '.x_tics
set yrange [y_low:y_high]
set ytics y_step format y_format
set key at screen x_mm(1.5), screen down_mm(0.8) left top horizontal Left reverse samplen 1.2 width 0.5
if (has_tariff) {
    if (!tariff_varies) {
        set arrow 1 from graph 0, first retail to graph 1, first retail nohead lc rgb GREY lw 0.8 dt (2,3)
        set arrow 2 from graph 0, first feed_in to graph 1, first feed_in nohead lc rgb GREY lw 0.8 dt (2,3)
    }
    set label 4 sprintf('retail %g', retail) at graph 1, first retail left offset 0.6,0 textcolor rgb GREY
    set label 5 sprintf('feed-in %g', feed_in) at graph 1, first feed_in left offset 0.6,0 \
        textcolor rgb GREY
}
# dots by their energy would hide each other: many trades, small dots
dot = n_trades > 2000 ? 0.16 : n_trades > 400 ? 0.24 : 0.32
# sources differ in form, fill and lightness, for colours alone are one grey in print: solar light and
# full, wind dark and hollow
symbols = '7 9 4 12 11'
hues = GREY.' '.ORANGE.' '.'#004C86'.' '.GREEN.' '.PURPLE
plot for [i=1:5] data index i-1 using 1:2 with points pt int(word(symbols, i)) ps dot * 1.2 lw 0.6 \
         lc rgb word(hues, i), \
     for [i=1:5] NaN with points pt int(word(symbols, i)) ps 0.5 lc rgb word(hues, i) \
         title value('name_'.i), \
     for [i=2:(tariff_varies ? 3 : 1)] data index 6 using 1:i with lines lc rgb GREY lw 0.8 dt (2,3), \
     data index 5 using 1:2 with lines lc rgb INK lw 1.4 title 'mean'
