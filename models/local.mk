noinst_LIBRARIES += libmodels.a
libmodels_a_SOURCES =
include models/series/local.mk
include models/weather/local.mk
include models/assets/local.mk
include models/market/local.mk
include models/agents/local.mk
include models/fit/local.mk
