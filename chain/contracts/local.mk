libchain_a_SOURCES += \
	%D%/accounts.c %D%/accounts_priv.h \
	%D%/auctions.c %D%/auctions_priv.h \
	%D%/billing.c %D%/billing_priv.h \
	%D%/block_clock.c %D%/block_clock_priv.h \
	%D%/books_check.c \
	%D%/contracts.c %D%/contracts.h \
	%D%/declaration.c %D%/declaration_priv.h \
	%D%/event.c %D%/event.h \
	%D%/event_log.c %D%/event_log_priv.h \
	%D%/executions.c %D%/executions_priv.h \
	%D%/failure.c %D%/failure_priv.h \
	%D%/interval_view.h \
	%D%/interval_meters.c %D%/interval_meters_priv.h \
	%D%/intervals.c %D%/intervals_priv.h \
	%D%/leaf.c %D%/leaf.h \
	%D%/lifecycle.c %D%/lifecycle_priv.h \
	%D%/matching.c %D%/matching_priv.h \
	%D%/order_book.c %D%/order_book_priv.h \
	%D%/readings.c %D%/readings_priv.h \
	%D%/receipt.c %D%/receipt.h \
	%D%/registers.c %D%/registers_priv.h \
	%D%/registry.c %D%/registry_priv.h \
	%D%/requotes.c %D%/requotes_priv.h \
	%D%/requoting.c %D%/requoting_priv.h \
	%D%/settlement.c %D%/settlement_priv.h \
	%D%/state_priv.h \
	%D%/trades.c %D%/trades_priv.h \
	%D%/trading.c %D%/trading_priv.h \
	%D%/views.c
