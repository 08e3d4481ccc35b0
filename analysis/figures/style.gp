# The house style of every figure. A script sets stem, width_mm (its settings do), height_mm without the
# caption, then loads this.
# Given from outside: fmt = 'pdf' | 'svg' | 'png'; dir = folder of script and data, with its slash;
# out = name to write to (default: stem.fmt beside the data). Type is Liberation Sans, true 8 pt.
if (!exists("fmt")) fmt = 'pdf'
if (!exists("out")) out = dir.stem.'.'.fmt
data = dir.stem.'.dat'
face = 'Liberation Sans'
note_font = face.',7'
bold_font = face.' Bold,8'
set encoding utf8
# the caption stands below, a line a note
note_mm = 3.0
foot_mm = n_notes > 0 ? n_notes * note_mm + 1.2 : 0
height_mm = height_mm + foot_mm
# Cairo's pdf terminal takes a point for 1/72 of 96 dpi, its png terminal has 96 dpi: both corrected.
if (fmt eq 'pdf') {
    set terminal pdfcairo noenhanced size (width_mm / 10.) cm, (height_mm / 10.) cm font face.',8' \
        fontscale 0.75 linewidth 0.8 dashlength 0.8
} else { if (fmt eq 'png') {
    set terminal pngcairo noenhanced size int(width_mm * 11.811), int(height_mm * 11.811) \
        font face.',8' fontscale 3.125 linewidth 2.6 pointscale 3.1 dashlength 0.9
} else { if (fmt eq 'svg') {
    set terminal svg noenhanced size int(width_mm * 3.78), int(height_mm * 3.78) font face.',10.67' \
        linewidth 0.9 background '#ffffff'
    note_font = face.',9.33'
    bold_font = face.' Bold,10.67'
} else { exit error "style.gp: fmt is pdf, svg or png, not '".fmt."'" }}}
set output out
set minussign
# places on the page in mm, from its left and from its lower edge, or from its upper edge down
x_mm(v) = v / (1.0 * width_mm)
y_mm(v) = v / (1.0 * height_mm)
down_mm(v) = 1 - y_mm(v)
# what an axis takes: title and numbers; characters are so wide
char_mm = 1.7
axis_mm(characters) = characters * char_mm + 9.8
# what is beside an axis of x, for half of its last number stands there
edge_mm(characters) = 0.5 * characters * char_mm + 1 > 3 ? 0.5 * characters * char_mm + 1 : 3
do for [i=1:n_notes] {
    set label 900 + i value('note_'.i) at screen x_mm(1.5), screen y_mm((n_notes - i + 0.75) * note_mm) \
        left textcolor rgb '#555555' font note_font
}
# A key over the whole width of the page, in a plot of its own within a multiplot: eval begin_key, set
# key at its place, plot 2 with what is named, eval end_key.
begin_key = 'set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; '. \
    'set bmargin at screen 0; unset border; unset tics; unset grid; unset xlabel; unset ylabel; '. \
    'unset xzeroaxis; set xrange [0:1]; set yrange [0:1]'
end_key = 'unset label; unset key; unset xrange; unset yrange; set border 3 back linestyle 80; '. \
    'set tics out scale 0.55,0.3 textcolor rgb INK; set xtics nomirror; set ytics nomirror; '. \
    'set grid ytics back linestyle 81; set xzeroaxis linestyle 80'
# Okabe-Ito: told apart with the common colour-vision deficiencies. Series differ in dash and marker
# too, so that a grey print still tells them apart.
BLUE = '#0072B2'; VERMILION = '#D55E00'; GREEN = '#009E73'; ORANGE = '#E69F00'
PURPLE = '#CC79A7'; SKY = '#56B4E9'; INK = '#1A1A1A'; GREY = '#6B6B6B'; PALE = '#BDBDBD'
colours = BLUE.' '.VERMILION.' '.GREEN.' '.PURPLE.' '.ORANGE.' '.SKY
set style line 1 lc rgb BLUE      lw 1.4 dt 1          pt 7  ps 0.36
set style line 2 lc rgb VERMILION lw 1.4 dt (10,4)     pt 5  ps 0.34
set style line 3 lc rgb GREEN     lw 1.4 dt (3,3)      pt 9  ps 0.44
set style line 4 lc rgb PURPLE    lw 1.4 dt (10,3,2,3) pt 13 ps 0.44
set style line 5 lc rgb ORANGE    lw 1.4 dt (6,3)      pt 11 ps 0.44
set style line 6 lc rgb SKY       lw 1.4 dt (2,4)      pt 4  ps 0.36
set style line 80 lc rgb GREY lw 0.7 dt 1
set style line 81 lc rgb '#E4E4E4' lw 0.5 dt 1
set border 3 back linestyle 80
set tics out nomirror scale 0.55,0.3 textcolor rgb INK
set grid ytics back linestyle 81
set key textcolor rgb INK samplen 2.4 spacing 1.1 noautotitle
set xlabel textcolor rgb INK
set ylabel textcolor rgb INK
set style fill solid 1.0 noborder
