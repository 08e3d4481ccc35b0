# Whether all the text of gnuplot's svg pictures stands inside them, and the upright title of an axis
# beside its numbers. Widths are estimated: digits of the figures' type have 0.556 em, other text about
# half an em a character. Prints what does not fit; exits 1 where anything does not.
function number_after(line, word) {
    return substr(line, index(line, word) + length(word)) + 0
}
function complain(what) {
    print FILENAME ": " what ": '" text "'"
    bad = 1
}
function check_lying(    left) {
    left = anchor == "end" ? x - width : anchor == "middle" ? x - width / 2 : x
    if (left < 0 || left + width > picture_width)
        complain("cut off at a side")
    if (y > picture_height || y < 0.5 * size)
        complain("cut off above or below")
    if (anchor == "end" && left < numbers)
        numbers = left
}
function check_upright() {
    if (y - width / 2 < 0 || y + width / 2 > picture_height)
        complain("a title is longer than its axis")
    if (x - 0.7 * size < 0)
        complain("a title is cut off")
    if (x + 0.2 * size > numbers)       # its descenders
        complain("a title stands on the numbers")
    numbers = 1e9                       # those of the next panel are others
}
FNR == 1 { numbers = 1e9 }
/ width="[0-9]/ && !/rect/ { picture_width = number_after($0, "width=\""); picture_height = number_after($0, "height=\"") }
/translate\(/ {
    at = substr($0, index($0, "translate("))
    x = number_after(at, "translate(")
    y = number_after(at, ",")
    upright = at ~ /rotate\((-90|270)/
    size = number_after(at, "font-size=\"")
    anchor = at ~ /text-anchor="end"/ ? "end" : at ~ /text-anchor="middle"/ ? "middle" : "start"
}
/<text>/ {
    text = $0
    gsub(/<[^>]*>/, "", text)
    gsub(/^[ \t]+|&[a-z]+;/, "", text)
    letters = text
    gsub(/−|β|“|”|→|–/, "x", letters)
    width = size * length(letters) * (letters ~ /^x?[0-9.]+$/ ? 0.556 : 0.48)
    n_texts++
    if (upright)
        check_upright()
    else
        check_lying()
}
END { exit bad || n_texts == 0 }
