libchain_a_SOURCES += \
	%D%/accounts.c \
	%D%/billing.c \
	%D%/declaration.c \
	%D%/intervals.c \
	%D%/leaf.c %D%/leaf.h \
	%D%/matching.c \
	%D%/registers.c \
	%D%/registry.c \
	%D%/settlement.c \
	%D%/event_log.c \
	%D%/contracts.c %D%/contracts.h %D%/contracts_priv.h
