# C tests share one reporter; each area of the house lists its tests in a file of its own.
EXTRA_DIST += %D%/splitmix64.h
if HAVE_CUNIT
check_LIBRARIES += libtap.a
libtap_a_SOURCES = %D%/tap.c %D%/tap.h %D%/text_file.c %D%/text_file.h
libtap_a_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
endif
GB_TEST_LIBS = libtap.a $(GB_LIBS) $(GB_EXTERNAL_LIBS) $(CUNIT_LIBS)
include tests/sim.mk
include tests/physics.mk
include tests/series.mk
include tests/market.mk
include tests/consensus.mk
include tests/ledger.mk
include tests/contracts.mk
include tests/analysis.mk
include tests/inference.mk
include tests/scenario.mk
include tests/run.mk
include tests/files.mk
include tests/machines.mk
include tests/fuzz/local.mk
dist_check_SCRIPTS += %D%/layers.sh %D%/keys.sh %D%/pages.sh %D%/pages_run.sh %D%/mutations.sh
EXTRA_DIST += %D%/tap.sh %D%/failing.sh %D%/commands.sh %D%/sample.sh %D%/sweep_files.sh %D%/python.sh %D%/kept.py

# Seeded faults, each of which some test must notice: a part of make check-long, by itself here.
EXTRA_DIST += %D%/mutations/run.sh %D%/mutations/compile.sh %D%/mutations/stanzas.sh %D%/mutations/list.txt
check-mutations: $(check_PROGRAMS)
	$(srcdir)/%D%/mutations/run.sh $(builddir)
check-long: check-mutations
.PHONY: check-mutations

# The bytes of results and ledgers against those on record (.ci/builds runs it).
EXTRA_DIST += %D%/bytes/run.sh %D%/bytes/on-record.txt

# What the tests execute, in percent of each folder's lines; COVERAGE: seconds that they may take, once
# they are built.
COVERAGE = 600
EXTRA_DIST += %D%/coverage.sh
coverage:
	$(SHELL) $(srcdir)/%D%/coverage.sh $(COVERAGE)
check-long: coverage
.PHONY: coverage
