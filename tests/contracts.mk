# registry, declaration, matching, settlement and billing, played by hand on one stage
EXTRA_DIST += %D%/stage.h %D%/stage_delivery.h %D%/stage_trading.h
if HAVE_CUNIT
check_LIBRARIES += libstage.a
libstage_a_SOURCES = %D%/stage.c %D%/stage_delivery.c %D%/stage_trading.c
check_PROGRAMS += %D%/test_registry %D%/test_declaration %D%/test_trading %D%/test_amendments %D%/test_trading_delivery %D%/test_limits %D%/test_requoting %D%/test_requote_memory \
	%D%/test_matching \
	%D%/test_settlement %D%/test_trade_money %D%/test_delivered %D%/test_billing \
	%D%/test_arrival %D%/test_clock %D%/test_contracts %D%/test_hostile_sessions
GB_STAGE_LIBS = libstage.a $(GB_TEST_LIBS)
%C%_test_registry_SOURCES = %D%/test_registry.c
%C%_test_registry_LDADD = $(GB_STAGE_LIBS)
%C%_test_trading_SOURCES = %D%/test_trading.c
%C%_test_trading_LDADD = $(GB_STAGE_LIBS)
%C%_test_amendments_SOURCES = %D%/test_amendments.c
%C%_test_amendments_LDADD = $(GB_STAGE_LIBS)
%C%_test_trading_delivery_SOURCES = %D%/test_trading_delivery.c
%C%_test_trading_delivery_LDADD = $(GB_STAGE_LIBS)
%C%_test_limits_SOURCES = %D%/test_limits.c %D%/random_books.c %D%/random_books.h %D%/runs.c %D%/runs.h
%C%_test_limits_LDADD = $(GB_STAGE_LIBS)
%C%_test_requoting_SOURCES = %D%/test_requoting.c
%C%_test_requoting_LDADD = $(GB_STAGE_LIBS)
%C%_test_requote_memory_SOURCES = %D%/test_requote_memory.c
%C%_test_requote_memory_LDADD = $(GB_STAGE_LIBS)
%C%_test_declaration_SOURCES = %D%/test_declaration.c
%C%_test_declaration_LDADD = $(GB_STAGE_LIBS)
%C%_test_matching_SOURCES = %D%/test_matching.c
%C%_test_matching_LDADD = $(GB_STAGE_LIBS)
%C%_test_settlement_SOURCES = %D%/test_settlement.c
%C%_test_settlement_LDADD = $(GB_STAGE_LIBS)
%C%_test_trade_money_SOURCES = %D%/test_trade_money.c
%C%_test_trade_money_LDADD = $(GB_STAGE_LIBS)
%C%_test_delivered_SOURCES = %D%/test_delivered.c
%C%_test_delivered_LDADD = $(GB_STAGE_LIBS)
%C%_test_billing_SOURCES = %D%/test_billing.c
%C%_test_billing_LDADD = $(GB_STAGE_LIBS)
%C%_test_arrival_SOURCES = %D%/test_arrival.c
%C%_test_arrival_LDADD = $(GB_STAGE_LIBS)
%C%_test_clock_SOURCES = %D%/test_clock.c
%C%_test_clock_LDADD = $(GB_STAGE_LIBS)
GB_SESSION = %D%/session.c %D%/session.h %D%/session_book.c %D%/session_book.h \
	%D%/auction_oracle.c %D%/auction_oracle.h %D%/call_oracle.c %D%/call_oracle.h \
	%D%/continuous_oracle.c %D%/continuous_oracle.h %D%/random_books.c %D%/random_books.h
%C%_test_contracts_SOURCES = %D%/test_contracts.c $(GB_SESSION)
%C%_test_hostile_sessions_SOURCES = %D%/test_hostile_sessions.c $(GB_SESSION)
%C%_test_hostile_sessions_LDADD = $(GB_STAGE_LIBS)
%C%_test_contracts_LDADD = $(GB_STAGE_LIBS)
endif
