/* Implementations of libm that are all right to half a unit in the last place and a little more
 * differ where the true value lies next to the middle between two doubles, and in one of a few
 * thousand arguments at most: glibc's exp with and without fused multiply-add, which it chooses by
 * the processor, in 1 of 1600. So the arguments here are such: of 2^20 in equal steps those whose
 * value, by libquadmath, lies nearest to a middle, within 1.2e-5 of a unit. */
#include "analysis/fingerprint.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sodium.h>

#define N_ARGUMENTS 16

typedef double function(double x);

static double angle(double x)
{
    return atan2(x, 0.375);
}

static double length(double x)
{
    return hypot(x, 0.75);
}

static double power(double x)
{
    return pow(x, 1.75);
}

static const struct {
    function *at;
    double first;
    int log2_steps; /* a step is 2^-log2_steps */
    int32_t steps[N_ARGUMENTS];
} functions[] = {
    /* clang-format off */
    {acos, -1.0, 19,
     {2620, 186855, 430954, 468344, 472065, 504808, 607144, 687772,
      735882, 766783, 828315, 841400, 856758, 900056, 914108, 978169}},
    {asin, -1.0, 19,
     {46234, 78015, 109072, 110858, 349430, 473539, 500858, 518847,
      529729, 547718, 575037, 699146, 937718, 939504, 970561, 1002342}},
    {angle, -2.0, 18,
     {78757, 139108, 192863, 236650, 341731, 385107, 397897, 514570,
      534006, 650679, 663469, 706845, 811926, 855713, 909468, 969819}},
    {cbrt, 0.25, 18,
     {38553, 65971, 85491, 95088, 128181, 156606, 287246, 319693,
      481601, 607993, 664323, 767176, 828918, 862897, 1040153, 1047747}},
    {cos, -4.0, 17,
     {43829, 156319, 184324, 197498, 236801, 313520, 419958, 477069,
      571507, 628618, 735056, 811775, 851078, 864252, 892257, 1004747}},
    {cosh, -2.0, 18,
     {13182, 70243, 103071, 152573, 203489, 220439, 322802, 465049,
      583527, 725774, 828137, 845087, 896003, 945505, 978333, 1035394}},
    {erf, -2.0, 18,
     {5892, 101607, 187051, 237119, 256430, 296039, 393516, 495946,
      552630, 655060, 752537, 792146, 811457, 861525, 946969, 1042684}},
    {erfc, -2.0, 18,
     {20068, 236903, 275155, 361957, 475164, 481018, 524312, 601916,
      670012, 759261, 772824, 853051, 923061, 1001130, 1001960, 1003398}},
    {exp, -2.0, 18,
     {112926, 162788, 178119, 333989, 400982, 440502, 467855, 470055,
      489407, 497833, 517089, 724282, 836562, 901230, 918270, 945976}},
    {exp2, -2.0, 18,
     {31379, 150059, 187108, 247561, 293523, 412203, 449252, 509705,
      555667, 674347, 711396, 771849, 817811, 936491, 973540, 1033993}},
    {expm1, -2.0, 18,
     {38724, 63598, 95339, 148569, 214763, 317043, 388896, 419349,
      507354, 623299, 625222, 718073, 719795, 745007, 836562, 934426}},
    {length, -2.0, 18,
     {7489, 70234, 210821, 261908, 285990, 292540, 323859, 339355,
      709221, 724717, 756036, 762586, 786668, 837755, 978342, 1041087}},
    {lgamma, 0.25, 18,
     {13634, 21586, 85317, 89597, 116995, 128242, 173583, 176576,
      178519, 211823, 412209, 417804, 499357, 630584, 742583, 918988}},
    {log, 0.25, 18,
     {132335, 244803, 253906, 383032, 395029, 483765, 600386, 644918,
      664211, 814624, 816779, 908669, 919420, 937151, 966332, 1039075}},
    {log10, 0.25, 18,
     {70499, 278734, 287108, 352042, 428893, 531754, 546506, 667041,
      685599, 746156, 762163, 774616, 789179, 906453, 924302, 949257}},
    {log1p, -0.75, 18,
     {132335, 244803, 253906, 383032, 395029, 483765, 600386, 644918,
      664211, 814624, 816779, 908669, 919420, 937151, 966332, 1039075}},
    {log2, 0.25, 18,
     {85255, 127411, 165897, 306164, 397368, 400078, 420881, 461583,
      552676, 597205, 752901, 785763, 841308, 871559, 878334, 918319}},
    {power, 0.25, 18,
     {89670, 92797, 156927, 198456, 284088, 330250, 441702, 497193,
      527339, 580507, 660673, 684839, 713725, 914130, 990330, 1000948}},
    {sin, -4.0, 17,
     {18169, 31153, 122548, 198459, 268395, 428930, 468517, 496690,
      551886, 580059, 619646, 780181, 850117, 926028, 1017423, 1030407}},
    {sinh, -2.0, 18,
     {22952, 35730, 159519, 160805, 194789, 197011, 302190, 523968,
      524608, 746386, 851565, 853787, 887771, 889057, 1012846, 1025624}},
    {tan, -4.0, 17,
     {50447, 52030, 91646, 127520, 147211, 334498, 387702, 477212,
      571364, 660874, 714078, 901365, 921056, 956930, 996546, 998129}},
    {tanh, -2.0, 18,
     {82738, 139493, 168876, 308713, 353882, 417558, 467090, 517414,
      531162, 581486, 631018, 694694, 739863, 879700, 909083, 965838}},
    {tgamma, 0.25, 18,
     {109994, 215291, 275968, 329931, 335978, 357180, 395400, 426402,
      431421, 486300, 504075, 516608, 537888, 586782, 957284, 962911}},
    /* clang-format on */
};

void gb_libm_fingerprint(char out[GB_LIBM_FINGERPRINT_SIZE])
{
    crypto_generichash_state state;
    unsigned char hash[16];

    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t f = 0; f < sizeof functions / sizeof functions[0]; f++) {
        /* volatile: the calls are made by the library at run time, never folded by the compiler */
        function *const volatile at = functions[f].at;

        for (size_t i = 0; i < N_ARGUMENTS; i++) {
            double value =
                at(functions[f].first + ldexp(functions[f].steps[i], -functions[f].log2_steps));
            unsigned char bytes[sizeof value];

            memcpy(bytes, &value, sizeof value);
            crypto_generichash_update(&state, bytes, sizeof bytes);
        }
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, GB_LIBM_FINGERPRINT_SIZE, hash, sizeof hash);
}
