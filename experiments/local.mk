noinst_LIBRARIES += libexperiments.a
libexperiments_a_SOURCES =
