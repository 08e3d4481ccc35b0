# registry, declaration, matching and settlement, played by hand on one stage
if HAVE_CUNIT
check_PROGRAMS += %D%/test_registry
%C%_test_registry_SOURCES = %D%/test_registry.c %D%/stage.c %D%/stage.h
%C%_test_registry_LDADD = $(GB_TEST_LIBS)
endif
