# The house style of every figure: a script sets stem, width_cm and height_cm, then loads this.
# Given from outside: fmt = 'pdf' | 'svg' | 'png'; dir = folder of script and data, with its slash;
# out = name to write to (default: stem.fmt beside the data). Type is Liberation Sans, true 8 pt.
if (!exists("fmt")) fmt = 'pdf'
if (!exists("out")) out = dir.stem.'.'.fmt
data = dir.stem.'.dat'
face = 'Liberation Sans'
note_font = face.',7'
set encoding utf8
# Cairo's pdf terminal takes a point for 1/72 of 96 dpi, its png terminal has 96 dpi: both corrected.
if (fmt eq 'pdf') {
    set terminal pdfcairo size width_cm cm, height_cm cm font face.',8' fontscale 0.75 \
        linewidth 0.8 dashlength 0.8
} else { if (fmt eq 'png') {
    set terminal pngcairo size int(width_cm * 118.11), int(height_cm * 118.11) \
        font face.',8' fontscale 3.125 linewidth 2.6 pointscale 3.1 dashlength 0.9
} else { if (fmt eq 'svg') {
    set terminal svg size int(width_cm * 37.8), int(height_cm * 37.8) font face.',10.67' \
        linewidth 0.9 background '#ffffff'
    note_font = face.',9.33'
} else { exit error "style.gp: fmt is pdf, svg or png, not '".fmt."'" }}}
set output out
set minussign
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
