libmodels_a_SOURCES += \
	%D%/clouds.c \
	%D%/estimators.def \
	%D%/fit.c %D%/fit.h \
	%D%/lags.c %D%/lags.h \
	%D%/load.c %D%/load_panel.c %D%/load_panel.h \
	%D%/minimise.c %D%/minimise.h \
	%D%/pv.c %D%/pv_model.c %D%/pv_model.h \
	%D%/resample.c %D%/resample.h \
	%D%/wind.c
