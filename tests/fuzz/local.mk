# Fuzz targets (libFuzzer, which comes with clang), in a build of their own: `make check-fuzz FUZZ=seconds`
# for all of them together. A new target is a file here, named fuzz_NAME.c, and its name in this list.
GB_FUZZ_TARGETS = block book genesis journal ledger scenario series transaction values
FUZZ = 80
GB_FUZZ_COMMON = %D%/fuzz.c %D%/fuzz.h
GB_FUZZ_CHAIN = $(GB_FUZZ_COMMON) tests/small_chain.c tests/small_chain.h \
	tests/small_ledger.c tests/small_ledger.h
if HAVE_CUNIT
EXTRA_PROGRAMS += %D%/fuzz_block %D%/fuzz_book %D%/fuzz_genesis %D%/fuzz_journal %D%/fuzz_ledger \
	%D%/fuzz_scenario %D%/fuzz_series %D%/fuzz_transaction %D%/fuzz_values
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
%C%_fuzz_block_SOURCES = %D%/fuzz_block.c $(GB_FUZZ_CHAIN)
%C%_fuzz_block_LDADD = $(GB_TEST_LIBS)
%C%_fuzz_block_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_book_SOURCES = %D%/fuzz_book.c $(GB_FUZZ_COMMON)
%C%_fuzz_book_LDADD = $(GB_TEST_LIBS)
%C%_fuzz_book_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_genesis_SOURCES = %D%/fuzz_genesis.c $(GB_FUZZ_CHAIN)
%C%_fuzz_genesis_LDADD = $(GB_TEST_LIBS)
%C%_fuzz_genesis_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_journal_SOURCES = %D%/fuzz_journal.c $(GB_FUZZ_COMMON)
%C%_fuzz_journal_LDADD = $(GB_SAMPLE_LIBS)
%C%_fuzz_journal_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_ledger_SOURCES = %D%/fuzz_ledger.c $(GB_FUZZ_CHAIN)
%C%_fuzz_ledger_LDADD = $(GB_TEST_LIBS)
%C%_fuzz_ledger_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_scenario_SOURCES = %D%/fuzz_scenario.c $(GB_FUZZ_COMMON)
%C%_fuzz_scenario_LDADD = $(GB_TEST_LIBS)
%C%_fuzz_scenario_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_series_SOURCES = %D%/fuzz_series.c $(GB_FUZZ_COMMON)
%C%_fuzz_series_LDADD = $(GB_TEST_LIBS)
%C%_fuzz_series_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_transaction_SOURCES = %D%/fuzz_transaction.c $(GB_FUZZ_CHAIN)
%C%_fuzz_transaction_LDADD = $(GB_TEST_LIBS)
%C%_fuzz_transaction_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_values_SOURCES = %D%/fuzz_values.c $(GB_FUZZ_COMMON)
%C%_fuzz_values_LDADD = $(GB_TEST_LIBS)
%C%_fuzz_values_LDFLAGS = $(FUZZ_LINK)
endif
EXTRA_DIST += %D%/run.sh
# Compiled by every make check, so that a target follows the calls that it makes; linked by nothing.
if HAVE_CUNIT
check_LIBRARIES += libfuzz_targets.a
libfuzz_targets_a_SOURCES = %D%/fuzz_block.c %D%/fuzz_book.c %D%/fuzz_genesis.c %D%/fuzz_journal.c \
	%D%/fuzz_ledger.c %D%/fuzz_scenario.c %D%/fuzz_series.c %D%/fuzz_transaction.c %D%/fuzz_values.c $(GB_FUZZ_COMMON)
endif
check-fuzz:
	$(SHELL) $(srcdir)/%D%/run.sh $(FUZZ) $(GB_FUZZ_TARGETS)
check-long: check-fuzz
.PHONY: check-fuzz
