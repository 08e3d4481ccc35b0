# tests of consensus
if HAVE_CUNIT
check_PROGRAMS += %D%/test_network %D%/test_pbft %D%/test_pbft_dissent %D%/test_pbft_latency
%C%_test_network_SOURCES = %D%/test_network.c
%C%_test_network_LDADD = $(GB_TEST_LIBS)
%C%_test_pbft_SOURCES = %D%/test_pbft.c %D%/pbft_net.c %D%/pbft_net.h %D%/flows.h
%C%_test_pbft_LDADD = $(GB_TEST_LIBS)
%C%_test_pbft_dissent_SOURCES = %D%/test_pbft_dissent.c %D%/pbft_net.c %D%/pbft_net.h %D%/flows.h
%C%_test_pbft_dissent_LDADD = $(GB_TEST_LIBS)
%C%_test_pbft_latency_SOURCES = %D%/test_pbft_latency.c
%C%_test_pbft_latency_LDADD = $(GB_TEST_LIBS)
endif
dist_check_SCRIPTS += %D%/consensus.sh
