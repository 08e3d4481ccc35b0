/* The family of controllers of storage, and the schedule that one of them follows. */
#include "models/assets/controller.h"

static const double most_kw = 1e6;

#define GB_MEMBER(name) &gb_controller_##name.member,
static const struct gb_member *const members[] = {
#include "models/assets/controllers.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_controller_family = {.name = "storage controller", .members = members};

bool gb_storage_schedule_read(struct gb_day_times *out, const char *text)
{
    return gb_day_times_read(out, text, -most_kw, most_kw);
}
