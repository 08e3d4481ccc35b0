# A bidding strategy of your own for Gridbourse, as a process in R; it needs no package. Name it in a
# scenario:
#
#     agents:
#       strategy: process
#       process: Rscript my_strategy.R
#
# The simulator writes a line of JSON for every batch of orders to standard input; `reset`, `quote`
# and `requote` are answered with a line on standard output that carries the same id. Prices are
# numbers in currency per kWh from feed_in to retail: those of `reset`, or where tariffs differ by time
# or kind those that each order comes with.

# What a message holds below a key: a number or a word, and a column of them; null is NA.
values <- function(text) {
    text <- gsub("\"", "", strsplit(text, ",", fixed = TRUE)[[1]])
    text[text == "null"] <- NA
    type.convert(text, as.is = TRUE)
}
scalar <- function(line, key) values(sub(sprintf(".*\"%s\":([^],}]*).*", key), "\\1", line))
column <- function(line, key) values(sub(sprintf(".*\"%s\":\\[([^]]*)\\].*", key), "\\1", line))
has <- function(line, key) grepl(sprintf("\"%s\":", key), line, fixed = TRUE)

reset <- function(line) {
    feed_in <<- scalar(line, "feed_in")
    retail <<- scalar(line, "retail")
    set.seed((scalar(line, "seed") + scalar(line, "replication")) %% 2147483647)
    NULL
}

# Asks for a drawn share of what there is between its reserve and the price of the grid, and gives way
# as time passes.
quote_orders <- function(line) {
    reserve <- column(line, "reserve")
    low <- if (has(line, "feed_in")) column(line, "feed_in") else feed_in
    high <- if (has(line, "retail")) column(line, "retail") else retail
    end <- ifelse(column(line, "side") == "sell", high, low)
    reserve + 0.3 * runif(length(end)) * (end - reserve)
}

# "total_wh" beside "quote" may take energy back: no more than its filled_wh cancels what is left.
requote <- function(line) {
    reserve <- column(line, "reserve")
    reserve + (1 - column(line, "elapsed")) * (column(line, "standing") - reserve)
}

input <- file("stdin", "r")
while (length(line <- readLines(input, n = 1)) > 0) {
    type <- scalar(line, "type")
    if (type == "close") break
    if (!type %in% c("reset", "quote", "requote")) next # observe and reward want no reply
    quotes <- switch(type, reset = reset(line), quote = quote_orders(line), requote = requote(line))
    cat(sprintf("{\"id\": %.0f", scalar(line, "id")))
    if (!is.null(quotes)) cat(sprintf(", \"quote\": [%s]", paste(sprintf("%.9f", quotes), collapse = ",")))
    cat("}\n")
    flush(stdout())
}
