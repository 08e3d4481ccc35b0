libmodels_a_SOURCES += \
	%D%/book_csv.c %D%/book_csv.h %D%/book_csv_priv.h \
	%D%/book_csv_row.c \
	%D%/book_csv_write.c \
	%D%/book_ids.c %D%/book_ids_priv.h \
	%D%/csv.c %D%/csv_priv.h \
	%D%/claims.c %D%/claims_priv.h \
	%D%/first_fit.c %D%/first_fit_priv.h \
	%D%/grid_only.c \
	%D%/mechanism.h \
	%D%/mechanisms.c %D%/mechanisms_priv.h \
	%D%/order.h \
	%D%/requote.c %D%/requote.h \
	%D%/sources.c %D%/sources.h \
	%D%/tariff.h \
	%D%/trade.h \
	%D%/two_round.c %D%/two_round_match.c %D%/two_round_priv.h \
	%D%/two_round_turn.c \
	%D%/welfare.c %D%/welfare.h
EXTRA_DIST += doc/market.md
