libmodels_a_SOURCES +=
