# tests of files: locks, links, limits, signals, and calls that fail
EXTRA_DIST += %D%/failing.c
CLEANFILES += %D%/failing.so
dist_check_SCRIPTS += %D%/files.sh %D%/pair.sh
%D%/files.log %D%/pair.log: %D%/failing.so
# Preloaded into the program it must stay plain C: no sanitizer, no coverage. Where it cannot be
# built the tests that need it are skipped aloud.
%D%/failing.so: %D%/failing.c
	-$(AM_V_CC)$(CC) -std=gnu17 -O1 -Wall -Wextra -shared -fPIC -o $@ $(srcdir)/%D%/failing.c -ldl

# At length: a run killed at every step and at 100 moments.
check-long: check-kills
check-kills: gridbourse$(EXEEXT) %D%/failing.so
	$(AM_TESTS_ENVIRONMENT) GB_KILLS=all $(SHELL) $(srcdir)/%D%/pair.sh
.PHONY: check-kills
