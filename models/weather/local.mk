libmodels_a_SOURCES += \
	%D%/clear_site.c %D%/clear_site.h \
	%D%/cloud_latent.c %D%/cloud_latent.h \
	%D%/cloud_waves.c %D%/cloud_waves.h \
	%D%/clouds.c %D%/clouds.h %D%/clouds.def \
	%D%/forecast.def %D%/site.def %D%/weather.def %D%/wind.def \
	%D%/foreseen.c %D%/foreseen.h \
	%D%/gaussian.c %D%/gaussian.h \
	%D%/innovations.c %D%/innovations.h \
	%D%/laws.c %D%/laws.h \
	%D%/observed.c %D%/observed.h \
	%D%/irradiance.c %D%/irradiance.h \
	%D%/outdoors.c %D%/outdoors.h \
	%D%/step_means.c %D%/step_means.h \
	%D%/sun.c %D%/sun.h \
	%D%/temperature.c %D%/temperature.h \
	%D%/turbidity.c %D%/turbidity.h \
	%D%/weather.c %D%/weather_beliefs.c %D%/weather_priv.h %D%/weather.h %D%/weather_config.h \
	%D%/wind.c %D%/wind.h \
	%D%/wind_latent.c %D%/wind_latent.h
