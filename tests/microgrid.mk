# tests of the chain put together and of whole runs
if HAVE_CUNIT
check_PROGRAMS += %D%/test_pool %D%/test_chain %D%/test_microgrid
%C%_test_pool_SOURCES = %D%/test_pool.c
%C%_test_pool_LDADD = $(GB_TEST_LIBS)
%C%_test_chain_SOURCES = %D%/test_chain.c
%C%_test_chain_LDADD = $(GB_STAGE_LIBS)
%C%_test_microgrid_SOURCES = %D%/test_microgrid.c
%C%_test_microgrid_LDADD = $(GB_TEST_LIBS)
endif
