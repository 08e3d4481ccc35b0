# tests of the chain put together and of whole runs
if HAVE_CUNIT
check_PROGRAMS += %D%/test_pool
%C%_test_pool_SOURCES = %D%/test_pool.c
%C%_test_pool_LDADD = $(GB_TEST_LIBS)
endif
