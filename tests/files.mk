# tests of files: locks, links, limits, signals, and calls that fail
if HAVE_CUNIT
check_PROGRAMS += %D%/test_files
%C%_test_files_SOURCES = %D%/test_files.c
%C%_test_files_LDADD = $(GB_TEST_LIBS)
endif
EXTRA_DIST += %D%/failing.c
CLEANFILES += %D%/failing.so
dist_check_SCRIPTS += %D%/files.sh %D%/pair.sh %D%/faults.sh
%D%/files.log %D%/pair.log %D%/faults.log: %D%/failing.so
# Preloaded into the program it must stay plain C: no sanitizer, no coverage. Where it cannot be
# built the tests that need it are skipped aloud.
%D%/failing.so: %D%/failing.c
	-$(AM_V_CC)$(CC) -std=gnu17 -O1 -Wall -Wextra -shared -fPIC -o $@ $(srcdir)/%D%/failing.c -ldl

# At length: a run killed at every step and at 100 moments, and every call failing, in so many seconds.
FAULTS = 300
check-long: check-kills check-faults
check-kills: gridbourse$(EXEEXT) %D%/failing.so
	$(AM_TESTS_ENVIRONMENT) GB_KILLS=all $(SHELL) $(srcdir)/%D%/pair.sh
check-faults: gridbourse$(EXEEXT) %D%/failing.so
	$(AM_TESTS_ENVIRONMENT) GB_FAULTS=$(FAULTS) $(SHELL) $(srcdir)/%D%/faults.sh
.PHONY: check-kills check-faults
