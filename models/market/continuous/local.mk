libmodels_a_SOURCES += \
	%D%/book.c %D%/book.h \
	%D%/continuous.c %D%/options.def \
	%D%/ladder.c %D%/ladder.h \
	%D%/price_tree.c %D%/price_tree.h
