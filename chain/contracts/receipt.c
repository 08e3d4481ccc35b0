#include "chain/contracts/receipt.h"

const char *gb_receipt_text(enum gb_receipt receipt)
{
    static const char *const texts[] = {
#define GB_RECEIPT_TEXT(name, text) text,
        GB_RECEIPT_LIST(GB_RECEIPT_TEXT)
#undef GB_RECEIPT_TEXT
    };

    return receipt < GB_N_RECEIPTS ? texts[receipt] : "unknown receipt";
}
