#include "models/assets/positions.h"

#include <math.h>

struct gb_position gb_position_draw(struct gb_key key, uint32_t owner, double radius_m)
{
    struct gb_draw draw = gb_draw_at(key, owner, 0, 0, 0);
    double distance_m = radius_m * sqrt(gb_draw_uniform(draw));
    double direction = 2 * M_PI * gb_draw_uniform2(draw);

    return (struct gb_position){
        .east_m = distance_m * cos(direction),
        .north_m = distance_m * sin(direction),
    };
}
