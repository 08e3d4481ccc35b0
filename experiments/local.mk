noinst_LIBRARIES += libexperiments.a
libexperiments_a_SOURCES = \
	%D%/complaints.c %D%/complaints.h \
	%D%/microgrid.h \
	%D%/scenario.h \
	%D%/yaml.c %D%/yaml.h
