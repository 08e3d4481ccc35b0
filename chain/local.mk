noinst_LIBRARIES += libchain.a
libchain_a_SOURCES =
include chain/wire/local.mk
include chain/network/local.mk
include chain/consensus/local.mk
include chain/contracts/local.mk
include chain/ledger/local.mk
include chain/node/local.mk
EXTRA_DIST += doc/chain.md
