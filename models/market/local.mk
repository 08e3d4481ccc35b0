libmodels_a_SOURCES += \
	%D%/appraisal.c %D%/appraisal.h \
	%D%/book_columns.c %D%/book_columns_priv.h \
	%D%/book_csv.c %D%/book_csv.h %D%/book_csv_priv.h \
	%D%/book_csv_row.c \
	%D%/book_csv_stream.c \
	%D%/book_csv_write.c \
	%D%/book_ids.c %D%/book_ids_priv.h \
	%D%/book_foreign.c %D%/book_foreign.h %D%/book_foreign_priv.h \
	%D%/book_foreign_cells.c %D%/book_foreign_read.c \
	%D%/books.c %D%/books.h \
	%D%/grid_only.c \
	%D%/limits.c %D%/limits.h %D%/limits.def \
	%D%/market.def %D%/tariff.def \
	%D%/mechanism.h \
	%D%/mechanisms.c %D%/mechanisms.def \
	%D%/order.h \
	%D%/order_store.c %D%/order_store.h \
	%D%/pair_price.c %D%/pair_price.h \
	%D%/requote.c %D%/requote.h \
	%D%/replay.c %D%/replay.h \
	%D%/sorted_side.c %D%/sorted_side.h \
	%D%/sources.c %D%/sources.h \
	%D%/tariff.h \
	%D%/tariffs.c %D%/tariffs.h \
	%D%/trade_fees.h \
	%D%/trade.h \
	%D%/welfare.c %D%/welfare.h
EXTRA_DIST += doc/market.md
include models/market/call/local.mk
include models/market/continuous/local.mk
include models/market/two_round/local.mk
