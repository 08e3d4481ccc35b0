libmodels_a_SOURCES += \
	%D%/cells.c %D%/cells.h \
	%D%/channels.h \
	%D%/course.c %D%/course.h \
	%D%/dialect.c %D%/dialect.h \
	%D%/encoding.c %D%/encoding.h \
	%D%/flow.c %D%/flow.h \
	%D%/forms.c %D%/forms.h %D%/nem12.c %D%/nsrdb.c \
	%D%/grid.c %D%/grid.h %D%/grid_fill.c %D%/grid_priv.h \
	%D%/header_words.c %D%/header_words.h \
	%D%/layout.c %D%/layout.h %D%/layout_columns.c %D%/layout_header.c \
	%D%/layout_parts.c %D%/layout_serial.c %D%/layout_refused.c %D%/layout_priv.h \
	%D%/issues.c %D%/issues.h \
	%D%/library.c %D%/library.h \
	%D%/measured.c %D%/measured.h \
	%D%/missing.c %D%/missing.h \
	%D%/parts.c %D%/parts.h \
	%D%/place.c %D%/place.h \
	%D%/rows.c %D%/rows.h \
	%D%/series.c %D%/series.h \
	%D%/stamp.c %D%/stamp.h \
	%D%/unit.c %D%/unit.h \
	%D%/weather_columns.c %D%/weather_columns.h
