# tests of sim/
if HAVE_CUNIT
check_PROGRAMS += %D%/test_quantity
%C%_test_quantity_SOURCES = %D%/test_quantity.c
%C%_test_quantity_LDADD = $(GB_TEST_LIBS)
endif
