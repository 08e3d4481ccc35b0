#include "models/assets/draw_owner.h"

#include <sodium.h>
#include <string.h>

#include "base/bytes.h"

uint32_t gb_kind_first_owner(const char *name)
{
    unsigned char hash[32];

    crypto_generichash(hash, sizeof hash, (const unsigned char *)name, strlen(name), NULL, 0);
    return gb_from_big_endian_u32(hash) % GB_DRAW_OWNERS;
}
