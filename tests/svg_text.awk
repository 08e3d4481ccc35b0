# Whether all the text of gnuplot's svg pictures stands inside them, no text on another, and the upright
# title of an axis beside its numbers. Widths are estimated: digits of the figures' type have 0.556 em,
# other text about half an em a character. Prints what does not fit; exits 1 where anything does not.
function number_after(line, word) {
    return substr(line, index(line, word) + length(word)) + 0
}
function complain(what) {
    print FILENAME ": " what ": '" text "'"
    bad = 1
}
# against the lying texts before it; letters of 8 pt are 0.7 em high, and a hair may touch
function check_overlap(left, right,    i) {
    for (i = 1; i <= n_lying; i++)
        if (left < rights[i] - 2 && lefts[i] < right - 2 && y - 0.55 * size < bottoms[i] && tops[i] < y)
            complain("stands on '" texts[i] "'")
    n_lying++
    lefts[n_lying] = left; rights[n_lying] = right; tops[n_lying] = y - 0.55 * size; bottoms[n_lying] = y
    texts[n_lying] = text
}
function check_lying(    left) {
    left = anchor == "end" ? x - width : anchor == "middle" ? x - width / 2 : x
    if (left < 0 || left + width > picture_width)
        complain("cut off at a side")
    if (y > picture_height || y < 0.5 * size)
        complain("cut off above or below")
    if (anchor == "end" && left < numbers)
        numbers = left
    check_overlap(left, left + width)
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
FNR == 1 { numbers = 1e9; n_lying = 0 }
/ width="[0-9]/ && !/rect/ { picture_width = number_after($0, "width=\""); picture_height = number_after($0, "height=\"") }
/translate\(/ {
    at = substr($0, index($0, "translate("))
    x = number_after(at, "translate(")
    y = number_after(at, ",")
    angle = at ~ /rotate\(/ ? number_after(at, "rotate(") : 0
    upright = angle == -90 || angle == 270
    size = number_after(at, "font-size=\"")
    anchor = at ~ /text-anchor="end"/ ? "end" : at ~ /text-anchor="middle"/ ? "middle" : "start"
}
/<text>/ {
    text = $0
    gsub(/<[^>]*>/, "", text)
    gsub(/^[ \t]+|&[a-z]+;/, "", text)
    letters = text
    gsub(/−|β|“|”|→|–|’|±|µ/, "x", letters)
    width = size * length(letters) * (letters ~ /^x?[0-9.]+$/ ? 0.556 : 0.48)
    n_texts++
    if (upright)
        check_upright()
    else if (angle == 0 && text != "")
        check_lying()
}
END { exit bad || n_texts == 0 }
