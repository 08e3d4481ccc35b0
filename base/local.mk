noinst_LIBRARIES += libbase.a
libbase_a_SOURCES =
libbase_a_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/array.c %D%/array.h \
	%D%/patience.c %D%/patience.h \
	%D%/parts.c %D%/parts.h \
	%D%/batch.c %D%/batch.h %D%/normal_priv.h %D%/parallel.h \
	%D%/bytes.c %D%/bytes.h \
	%D%/calendar.c %D%/calendar.h \
	%D%/csv.c %D%/csv.h \
	%D%/date.c %D%/date.h \
	%D%/day_times.c %D%/day_times.h \
	%D%/delay.c %D%/delay.h %D%/delay_priv.h %D%/delays.def \
	%D%/delay_constant.c \
	%D%/delay_exponential.c \
	%D%/delay_lognormal.c \
	%D%/delay_normal.c \
	%D%/delay_uniform.c \
	%D%/draws.c %D%/draws.h %D%/purposes.def \
	%D%/duration.c %D%/duration.h \
	%D%/edit_distance.c %D%/edit_distance.h \
	%D%/file.c %D%/file.h \
	%D%/holder.c %D%/holder.h \
	%D%/lock.c %D%/lock.h \
	%D%/memory.c %D%/memory.h \
	%D%/new_file.c %D%/new_file.h \
	%D%/number.c %D%/number.h \
	%D%/param.c %D%/param.h %D%/param_priv.h \
	%D%/param_row.h \
	%D%/param_explain.c \
	%D%/param_unit.c \
	%D%/param_words.c \
	%D%/purpose.h \
	%D%/integer.h \
	%D%/philox_priv.h %D%/philox_wide.c %D%/philox_wide.h \
	%D%/quantity.c %D%/quantity.h \
	%D%/radix.c %D%/radix.h \
	%D%/random.c %D%/random.h \
	%D%/registry.c %D%/registry.h \
	%D%/share_out.c %D%/share_out.h \
	%D%/status.c %D%/status.h \
	%D%/text.c %D%/text.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/wide.h \
	%D%/zone.c %D%/zone.h
