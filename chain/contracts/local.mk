libchain_a_SOURCES +=
