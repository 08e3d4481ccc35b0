noinst_LIBRARIES += libchain.a
libchain_a_SOURCES =
include chain/contracts/local.mk
