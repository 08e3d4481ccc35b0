#include "base/delay.h"

#include <assert.h>
#include <math.h>

#define MAX_DRAW_NS 0x1p62

#define GB_MEMBER(name) &gb_delay_##name.member,
static const struct gb_member *const members[] = {
#include "base/delays.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_delay_family = {.name = "delay",
                                          .members = members,
                                          .max_config_size =
                                              sizeof(((struct gb_param_call *)NULL)->arguments)};

static const struct gb_param row = {
    .key = "delay", .kind = GB_PARAM_CALL, .family = &gb_delay_family};

char *gb_delay_format(const struct gb_delay *delay, char *buffer, size_t size)
{
    return gb_param_format(&row, delay, buffer, size);
}

int64_t gb_delay_at(const struct gb_delay *delay, double uniform)
{
    const struct gb_delay_model *model = delay->model;

    assert(uniform > 0 && uniform < 1);
    double ns = model ? model->at(delay->arguments, uniform) : 0;

    return ns <= 0 ? 0 : (int64_t)llrint(fmin(ns, MAX_DRAW_NS));
}

double gb_delay_mean_ns(const struct gb_delay *delay)
{
    const struct gb_delay_model *model = delay->model;

    return model ? model->mean_ns(delay->arguments) : 0;
}
