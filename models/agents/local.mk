EXTRA_DIST += doc/agents.md
libmodels_a_SOURCES += \
	%D%/aa.c \
	%D%/batch.c %D%/batch_priv.h \
	%D%/betas.c %D%/betas.h \
	%D%/by_kind.c %D%/by_kind.h \
	%D%/child.c %D%/child_priv.h \
	%D%/fixed_shade.c \
	%D%/gdx.c \
	%D%/mix.c \
	%D%/mre.c \
	%D%/options.c %D%/options.h \
	%D%/outside.c %D%/outside_priv.h \
	%D%/paper_beta.c \
	%D%/pick_priv.h \
	%D%/paper_beta.def \
	%D%/plugin.c \
	%D%/process.c \
	%D%/reply.c %D%/reply.h %D%/reply_plain.c \
	%D%/json_line.c %D%/json_line_priv.h \
	%D%/roth_erev.c %D%/roth_erev_priv.h \
	%D%/strategies.c %D%/strategies.def %D%/strategies_priv.h \
	%D%/strategy.h \
	%D%/traits.c %D%/traits.h \
	%D%/truthful.c \
	%D%/vre.c \
	%D%/zero_intelligence_priv.h \
	%D%/zi_c.c \
	%D%/zi_c_shouts.c \
	%D%/zi_u.c \
	%D%/zip.c
