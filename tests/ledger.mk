# encoding, hashes, keys, transactions, blocks and the ledger file
if HAVE_CUNIT
check_PROGRAMS += %D%/test_codec %D%/test_hash %D%/test_keys %D%/test_transaction %D%/test_block %D%/test_ledger
check_PROGRAMS += %D%/test_tampering %D%/test_tampered_terms %D%/test_validity %D%/test_genesis %D%/test_proof
%C%_test_codec_SOURCES = %D%/test_codec.c
%C%_test_codec_LDADD = $(GB_TEST_LIBS)
%C%_test_hash_SOURCES = %D%/test_hash.c
%C%_test_hash_LDADD = $(GB_TEST_LIBS)
%C%_test_keys_SOURCES = %D%/test_keys.c
%C%_test_keys_LDADD = $(GB_TEST_LIBS)
%C%_test_transaction_SOURCES = %D%/test_transaction.c
%C%_test_transaction_LDADD = $(GB_TEST_LIBS)
%C%_test_block_SOURCES = %D%/test_block.c %D%/small_chain.c %D%/small_chain.h
%C%_test_block_LDADD = $(GB_TEST_LIBS)
small_ledger = %D%/small_ledger.c %D%/small_ledger.h %D%/small_chain.c %D%/small_chain.h
%C%_test_ledger_SOURCES = %D%/test_ledger.c $(small_ledger)
%C%_test_ledger_LDADD = $(GB_TEST_LIBS)
%C%_test_tampering_SOURCES = %D%/test_tampering.c $(small_ledger) %D%/byzantine.c %D%/byzantine.h
%C%_test_tampering_LDADD = $(GB_TEST_LIBS)
%C%_test_tampered_terms_SOURCES = %D%/test_tampered_terms.c $(small_ledger)
%C%_test_tampered_terms_LDADD = $(GB_TEST_LIBS)
%C%_test_genesis_SOURCES = %D%/test_genesis.c $(small_ledger)
%C%_test_genesis_LDADD = $(GB_TEST_LIBS)
%C%_test_proof_SOURCES = %D%/test_proof.c $(small_ledger)
%C%_test_proof_LDADD = $(GB_TEST_LIBS)
%C%_test_validity_SOURCES = %D%/test_validity.c %D%/byzantine.c %D%/byzantine.h %D%/small_chain.c %D%/small_chain.h
%C%_test_validity_LDADD = $(GB_TEST_LIBS)
%D%/ledger.log: %D%/test_ledger$(EXEEXT)
endif
dist_check_SCRIPTS += %D%/ledger.sh
