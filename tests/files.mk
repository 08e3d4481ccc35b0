# tests of files: locks, links, limits, signals, and calls that fail
EXTRA_DIST += %D%/failing.c
CLEANFILES += %D%/failing.so
dist_check_SCRIPTS += %D%/files.sh
%D%/files.log: %D%/failing.so
# Preloaded into the program it must stay plain C: no sanitizer, no coverage. Where it cannot be
# built the tests that need it are skipped aloud.
%D%/failing.so: %D%/failing.c
	-$(AM_V_CC)$(CC) -std=gnu17 -O1 -Wall -Wextra -shared -fPIC -o $@ $(srcdir)/%D%/failing.c -ldl
