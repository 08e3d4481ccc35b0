libexperiments_a_SOURCES += \
	%D%/accounts.c %D%/accounts.h \
	%D%/accounts_moves.c %D%/accounts_priv.h \
	%D%/agents.c %D%/agents.h \
	%D%/amendments.c %D%/amendments.h \
	%D%/approvals.c %D%/approvals.h \
	%D%/assets.c %D%/assets.h %D%/assets_priv.h %D%/assets_signals.c \
	%D%/best_quote.c %D%/best_quote.h \
	%D%/bidding.c %D%/bidding.h \
	%D%/ceiling.c %D%/ceiling.h \
	%D%/causes.c %D%/causes.h \
	%D%/contracted.c %D%/contracted.h \
	%D%/delivery.c %D%/delivery.h \
	%D%/environment.c %D%/environment.h \
	%D%/expected_prices.c %D%/expected_prices.h \
	%D%/gateway.c %D%/gateway.h \
	%D%/intervals.c %D%/intervals.h \
	%D%/invariants.c %D%/invariants.h \
	%D%/kind_rows.c %D%/kind_rows.h \
	%D%/knowledge.c %D%/knowledge.h \
	%D%/kpis.c %D%/kpis.h %D%/kpis_messages.c %D%/kpis_priv.h \
	%D%/learners.c %D%/learners.h \
	%D%/ledger_book.c %D%/ledger_book.h \
	%D%/live_orders.c %D%/live_orders.h \
	%D%/livelock.c %D%/livelock.h \
	%D%/lookahead.c %D%/lookahead.h \
	%D%/market_news.c %D%/market_news.h \
	%D%/market_operator.c %D%/market_operator.h \
	%D%/match_news.c %D%/match_news.h \
	%D%/meter_rows.c %D%/meter_rows.h \
	%D%/meter_limit.c %D%/meter_limit.h \
	%D%/metered.c %D%/metered.h \
	%D%/metering.c %D%/metering.h \
	%D%/observer.c %D%/observer.h \
	%D%/outcomes.c %D%/outcomes.h \
	%D%/outlooks.c %D%/outlooks.h \
	%D%/order_batch.c %D%/order_batch.h \
	%D%/outbox.c %D%/outbox.h %D%/outbox_priv.h %D%/outbox_authority.c %D%/outgoing.h \
	%D%/parts.c %D%/parts.h \
	%D%/plan.c %D%/plan.h \
	%D%/questions.c %D%/questions.h \
	%D%/registers.c %D%/registers.h \
	%D%/requotes.c %D%/requotes.h \
	%D%/resubmission.c %D%/resubmission.h \
	%D%/run.c %D%/run.h \
	%D%/run_priv.h \
	%D%/round_news.c %D%/round_news.h \
	%D%/schedule.c %D%/schedule.h \
	%D%/scheduled_sends.c %D%/scheduled_sends.h \
	%D%/sent_orders.c %D%/sent_orders.h \
	%D%/slot_prices.c %D%/slot_prices.h \
	%D%/summary.c %D%/summary.h \
	%D%/unmatched.c %D%/unmatched.h \
	%D%/users.c %D%/users.h \
	%D%/wake_ups.c %D%/wake_ups.h \
	%D%/wishes.c %D%/wishes.h
