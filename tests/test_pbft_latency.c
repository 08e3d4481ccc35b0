/* Commit and checkpoint latency under random delays against a table of other programs.
 *
 * source  mean times in ms and their standard errors for independent decisions without faults, link
 *         delays of mean 100 ms; two independent programs and a repaired third agree on them within
 *         0.5 %. Ours must lie within 4 standard errors of theirs, both errors combined.
 * false alarm  308 figures at 6.3e-5 each: under 2 % for a seed, and the seed is fixed */
#include "chain/consensus/consensus.h"

#include <math.h>

#include "tests/tap.h"

/* About so many messages a row, which gives standard errors of 0.03 to 1.4 %. */
enum { MESSAGES_PER_ROW = 300000 };

/* clang-format off */
static const struct gb_delay links[] = {
    {&gb_delay_normal, {{100000000}, {20000000}}},
    {&gb_delay_exponential, {{100000000}}},
    {&gb_delay_uniform, {{0}, {200000000}}},
    {&gb_delay_lognormal, {{100000000}, {.number = 0.5}}}
};
/* clang-format on */
enum { NORMAL, EXPONENTIAL, UNIFORM, LOGNORMAL };
static const char *const link_names[] = {"normal", "exponential", "uniform", "lognormal"};

enum { LEADER, REPLICA_MEAN, FIRST, QUORUM, LAST, STABLE, N_COLUMNS };

struct row {
    uint32_t n_nodes;
    const struct gb_flow *flow;
    int link;
    struct gb_estimate columns[N_COLUMNS]; /* STABLE for fisco3 only */
};

/* clang-format off */
static const struct row rows[] = {
    {4, &gb_flow_classic, NORMAL, {{283.9014, 0.1104}, {289.7772, 0.0848}, {271.1688, 0.0941},
      {293.4823, 0.0870}, {305.4872, 0.0917}}},
    {4, &gb_flow_fisco3, NORMAL, {{283.8610, 0.1104}, {289.6841, 0.0846}, {271.1368, 0.0943},
      {293.4077, 0.0870}, {305.2885, 0.0913}, {392.9296, 0.0943}}},
    {4, &gb_flow_classic, EXPONENTIAL, {{262.0838, 0.4854}, {267.4476, 0.4314},
      {210.2530, 0.3945}, {276.9567, 0.4443}, {335.2996, 0.5269}}},
    {4, &gb_flow_fisco3, EXPONENTIAL, {{276.3333, 0.4857}, {278.9298, 0.4219},
      {222.7598, 0.3850}, {289.0802, 0.4357}, {346.9246, 0.5208}, {384.9950, 0.4772}}},
    {4, &gb_flow_classic, UNIFORM, {{273.9136, 0.2824}, {280.6138, 0.2384}, {234.5226, 0.2399},
      {291.7668, 0.2438}, {325.1090, 0.2514}}},
    {4, &gb_flow_fisco3, UNIFORM, {{280.1610, 0.2667}, {285.7357, 0.2228}, {239.9159, 0.2239},
      {297.3556, 0.2269}, {330.1974, 0.2327}, {399.1077, 0.2508}}},
    {4, &gb_flow_classic, LOGNORMAL, {{265.6056, 0.2512}, {272.6383, 0.2088}, {236.1576, 0.1947},
      {279.1659, 0.2149}, {310.2567, 0.2546}}},
    {4, &gb_flow_fisco3, LOGNORMAL, {{269.7238, 0.2468}, {275.8195, 0.2028}, {239.7377, 0.1898},
      {282.4681, 0.2091}, {313.5678, 0.2475}, {377.8269, 0.2276}}},
    {7, &gb_flow_classic, NORMAL, {{304.7347, 0.0723}, {305.7211, 0.0521}, {291.1886, 0.0578},
      {309.3088, 0.0537}, {320.1590, 0.0590}}},
    {7, &gb_flow_fisco3, NORMAL, {{304.7555, 0.0715}, {305.7264, 0.0522}, {291.1643, 0.0577},
      {309.3238, 0.0537}, {320.1766, 0.0588}, {413.7759, 0.0572}}},
    {7, &gb_flow_classic, EXPONENTIAL, {{305.6855, 0.3807}, {308.9717, 0.3142},
      {250.0497, 0.2953}, {320.0340, 0.3245}, {388.1457, 0.4325}}},
    {7, &gb_flow_fisco3, EXPONENTIAL, {{312.1547, 0.3751}, {315.4089, 0.3058},
      {256.7138, 0.2872}, {326.3640, 0.3173}, {394.1904, 0.4229}, {432.0125, 0.3401}}},
    {7, &gb_flow_classic, UNIFORM, {{317.9423, 0.2173}, {320.2692, 0.1559}, {273.8389, 0.1702},
      {332.9248, 0.1614}, {364.8266, 0.1666}}},
    {7, &gb_flow_fisco3, UNIFORM, {{319.4773, 0.2129}, {321.4610, 0.1506}, {275.0646, 0.1662},
      {334.2541, 0.1564}, {365.8545, 0.1609}, {449.5219, 0.1683}}},
    {7, &gb_flow_classic, LOGNORMAL, {{299.1524, 0.1909}, {301.0262, 0.1452}, {267.8097, 0.1426},
      {308.0901, 0.1504}, {340.9950, 0.1890}}},
    {7, &gb_flow_fisco3, LOGNORMAL, {{300.7706, 0.1876}, {302.4590, 0.1429}, {269.2843, 0.1403},
      {309.5729, 0.1484}, {342.3942, 0.1852}, {413.1273, 0.1575}}},
    {10, &gb_flow_classic, NORMAL, {{310.4713, 0.0575}, {310.8560, 0.0404}, {297.5904, 0.0451},
      {314.0607, 0.0416}, {324.2909, 0.0462}}},
    {10, &gb_flow_fisco3, NORMAL, {{310.4720, 0.0574}, {310.8702, 0.0402}, {297.5796, 0.0451},
      {314.0201, 0.0414}, {324.3157, 0.0461}, {419.9967, 0.0434}}},
    {10, &gb_flow_classic, EXPONENTIAL, {{320.7696, 0.3185}, {324.1401, 0.2568},
      {266.8374, 0.2429}, {334.6269, 0.2629}, {406.7689, 0.4017}}},
    {10, &gb_flow_fisco3, EXPONENTIAL, {{325.2506, 0.3137}, {328.3293, 0.2500},
      {271.2375, 0.2373}, {338.7485, 0.2565}, {410.3827, 0.3878}, {447.5466, 0.2733}}},
    {10, &gb_flow_classic, UNIFORM, {{334.4653, 0.1825}, {335.5186, 0.1220}, {290.1910, 0.1392},
      {347.4628, 0.1258}, {377.2497, 0.1311}}},
    {10, &gb_flow_fisco3, UNIFORM, {{334.8811, 0.1800}, {335.9014, 0.1187}, {290.4877, 0.1364},
      {347.8738, 0.1224}, {377.6396, 0.1273}, {468.3098, 0.1312}}},
    {10, &gb_flow_classic, LOGNORMAL, {{310.0988, 0.1567}, {311.0447, 0.1164},
      {279.9502, 0.1161}, {317.5934, 0.1201}, {350.0500, 0.1596}}},
    {10, &gb_flow_fisco3, LOGNORMAL, {{311.0912, 0.1557}, {311.9422, 0.1144}, {280.7904, 0.1151},
      {318.5042, 0.1181}, {350.8774, 0.1555}, {424.7532, 0.1237}}},
    {13, &gb_flow_classic, NORMAL, {{313.2522, 0.0491}, {313.4079, 0.0339}, {301.0195, 0.0380},
      {316.2529, 0.0348}, {326.0725, 0.0389}}},
    {13, &gb_flow_fisco3, NORMAL, {{313.1929, 0.0493}, {313.3880, 0.0337}, {300.9815, 0.0379},
      {316.2291, 0.0346}, {326.0546, 0.0388}, {422.8892, 0.0360}}},
    {13, &gb_flow_classic, EXPONENTIAL, {{328.6458, 0.2805}, {331.7749, 0.2210},
      {276.1983, 0.2102}, {341.6506, 0.2244}, {416.3127, 0.3914}}},
    {13, &gb_flow_fisco3, EXPONENTIAL, {{331.9347, 0.2779}, {334.6995, 0.2194},
      {279.1529, 0.2073}, {344.5592, 0.2227}, {419.2027, 0.3947}, {454.6105, 0.2362}}},
    {13, &gb_flow_classic, UNIFORM, {{343.0201, 0.1583}, {343.6132, 0.1026}, {299.9952, 0.1196},
      {354.5791, 0.1053}, {382.9895, 0.1104}}},
    {13, &gb_flow_fisco3, UNIFORM, {{343.2439, 0.1576}, {343.9514, 0.1015}, {300.3485, 0.1193},
      {354.9152, 0.1042}, {383.3529, 0.1086}, {478.1605, 0.1104}}},
    {13, &gb_flow_classic, LOGNORMAL, {{315.7277, 0.1367}, {316.1800, 0.0996},
      {286.7689, 0.1006}, {322.2621, 0.1021}, {354.0432, 0.1445}}},
    {13, &gb_flow_fisco3, LOGNORMAL, {{316.2897, 0.1364}, {316.7672, 0.0989}, {287.3520, 0.0998},
      {322.8308, 0.1016}, {354.7199, 0.1462}, {430.2113, 0.1056}}},
    {16, &gb_flow_classic, NORMAL, {{314.7964, 0.0438}, {314.8823, 0.0295}, {303.1678, 0.0334},
      {317.4773, 0.0302}, {326.9073, 0.0341}}},
    {16, &gb_flow_fisco3, NORMAL, {{314.7643, 0.0437}, {314.8934, 0.0296}, {303.1621, 0.0334},
      {317.4967, 0.0302}, {326.8734, 0.0339}, {424.5442, 0.0313}}},
    {16, &gb_flow_classic, EXPONENTIAL, {{332.9387, 0.2524}, {336.1836, 0.1961},
      {282.2490, 0.1878}, {345.4805, 0.1982}, {422.7862, 0.3990}}},
    {16, &gb_flow_fisco3, EXPONENTIAL, {{335.6115, 0.2530}, {338.3147, 0.1944},
      {284.5117, 0.1855}, {347.6416, 0.1966}, {424.3644, 0.3927}, {458.2227, 0.2074}}},
    {16, &gb_flow_classic, UNIFORM, {{348.2699, 0.1429}, {348.6614, 0.0895}, {306.5511, 0.1058},
      {358.7996, 0.0919}, {386.1089, 0.0961}}},
    {16, &gb_flow_fisco3, UNIFORM, {{348.4075, 0.1419}, {348.8311, 0.0895}, {306.8075, 0.1055},
      {358.9645, 0.0919}, {386.2724, 0.0965}, {484.1446, 0.0959}}},
    {16, &gb_flow_classic, LOGNORMAL, {{318.5570, 0.1227}, {318.9645, 0.0877},
      {290.8790, 0.0897}, {324.6596, 0.0896}, {355.7498, 0.1389}}},
    {16, &gb_flow_fisco3, LOGNORMAL, {{319.0255, 0.1216}, {319.5278, 0.0876}, {291.3637, 0.0893},
      {325.2220, 0.0893}, {356.2108, 0.1387}, {433.1253, 0.0927}}},
    {31, &gb_flow_classic, NORMAL, {{317.9081, 0.0798}, {317.8585, 0.0516}, {308.2348, 0.0587},
      {319.7814, 0.0524}, {327.7885, 0.0601}}},
    {31, &gb_flow_fisco3, NORMAL, {{317.8581, 0.0799}, {317.9070, 0.0518}, {308.2843, 0.0588},
      {319.8357, 0.0525}, {327.8458, 0.0597}, {427.7068, 0.0535}}},
    {31, &gb_flow_classic, EXPONENTIAL, {{341.7434, 0.4645}, {344.6467, 0.3499},
      {296.7378, 0.3359}, {351.9283, 0.3478}, {444.2347, 1.2256}}},
    {31, &gb_flow_fisco3, EXPONENTIAL, {{343.6258, 0.4766}, {346.0338, 0.3520},
      {298.3733, 0.3411}, {353.2787, 0.3490}, {445.1338, 1.1870}, {465.1280, 0.3656}}},
    {31, &gb_flow_classic, UNIFORM, {{358.7912, 0.2609}, {359.0496, 0.1601}, {323.3658, 0.1944},
      {366.5130, 0.1618}, {390.5671, 0.1731}}},
    {31, &gb_flow_fisco3, UNIFORM, {{358.8070, 0.2628}, {358.8351, 0.1585}, {323.1653, 0.1883},
      {366.3387, 0.1614}, {390.2405, 0.1739}, {495.2832, 0.1652}}},
    {31, &gb_flow_classic, LOGNORMAL, {{324.5159, 0.2254}, {324.6011, 0.1554},
      {300.7749, 0.1611}, {329.0545, 0.1564}, {357.7976, 0.3494}}},
    {31, &gb_flow_fisco3, LOGNORMAL, {{324.7902, 0.2262}, {325.1367, 0.1571}, {301.2385, 0.1621},
      {329.5660, 0.1587}, {358.6332, 0.3613}, {438.5613, 0.1623}}},
    {64, &gb_flow_classic, NORMAL, {{319.5195, 0.0547}, {319.4547, 0.0349}, {311.8403, 0.0394},
      {320.8243, 0.0351}, {327.2212, 0.0398}}},
    {64, &gb_flow_fisco3, NORMAL, {{319.3908, 0.0544}, {319.3870, 0.0347}, {311.7813, 0.0391},
      {320.7584, 0.0349}, {327.1416, 0.0390}, {429.0014, 0.0352}}},
    {64, &gb_flow_classic, EXPONENTIAL, {{346.1601, 0.3286}, {348.8043, 0.2424},
      {308.2089, 0.2356}, {353.6771, 0.2377}, {482.9803, 1.4787}}},
    {64, &gb_flow_fisco3, EXPONENTIAL, {{346.6633, 0.3302}, {349.7982, 0.2437},
      {309.1960, 0.2373}, {354.7068, 0.2388}, {483.7138, 1.4697}, {466.8671, 0.2499}}},
    {64, &gb_flow_classic, UNIFORM, {{364.8396, 0.1832}, {364.8921, 0.1087}, {336.3994, 0.1278},
      {370.1566, 0.1096}, {390.4016, 0.1190}}},
    {64, &gb_flow_fisco3, UNIFORM, {{364.8143, 0.1860}, {364.7037, 0.1069}, {336.1866, 0.1279},
      {369.9700, 0.1079}, {390.2557, 0.1162}, {501.1914, 0.1090}}},
    {64, &gb_flow_classic, LOGNORMAL, {{327.5675, 0.1572}, {327.6671, 0.1071},
      {308.2086, 0.1126}, {330.9661, 0.1072}, {359.9452, 0.4482}}},
    {64, &gb_flow_fisco3, LOGNORMAL, {{327.3637, 0.1554}, {327.6314, 0.1070}, {308.1575, 0.1118},
      {330.8997, 0.1066}, {360.6031, 0.4855}, {440.2018, 0.1084}}},
};
/* clang-format on */
enum { N_ROWS = sizeof rows / sizeof rows[0] };

static bool is_near(const struct row *row, const char *column, struct gb_estimate ours,
                    struct gb_estimate theirs)
{
    double error = hypot(ours.standard_error, theirs.standard_error);

    if (EXPECT_NEAR(ours.mean, theirs.mean, 4 * error))
        return true;
    tap_note("n = %u, %s, %s: %s %.3f (%.3f), table %.3f (%.3f)", row->n_nodes,
             row->flow->member.name, link_names[row->link], column, ours.mean, ours.standard_error,
             theirs.mean, theirs.standard_error);
    return false;
}

static void compare(const struct row *row)
{
    uint64_t messages = gb_flow_messages(row->flow, row->n_nodes);
    /* clang-format off */
    struct gb_consensus_config config = {
        .committee = {.flow = row->flow, .n_nodes = row->n_nodes, .leader_period = 1},
        .link = links[row->link],
        .draws = {.seed = 2026}, .n_decisions = MESSAGES_PER_ROW / messages};
    /* clang-format on */
    struct gb_consensus_report report = {0};
    struct gb_error err = {0};

    EXPECT_INT(gb_consensus_measure(&config, &report, &err), GB_OK);
    EXPECT_INT(report.n_decisions, config.n_decisions);
    EXPECT_NEAR(report.messages.mean, (double)messages, 0);
    is_near(row, "leader", report.commit_leader, row->columns[LEADER]);
    is_near(row, "replica mean", report.commit_replica_mean, row->columns[REPLICA_MEAN]);
    is_near(row, "first", report.commit_first, row->columns[FIRST]);
    is_near(row, "quorum", report.commit_quorum, row->columns[QUORUM]);
    is_near(row, "last", report.commit_last, row->columns[LAST]);
    if (row->flow == &gb_flow_fisco3)
        is_near(row, "stable", report.stable_quorum, row->columns[STABLE]);
    else
        EXPECT_NEAR(report.stable_quorum.mean, report.commit_quorum.mean, 0);
}

static void compare_flow(const struct gb_flow *flow)
{
    int n_compared = 0;

    for (size_t i = 0; i < N_ROWS; i++)
        if (rows[i].flow == flow) {
            compare(&rows[i]);
            n_compared++;
        }
    EXPECT_INT(n_compared, N_ROWS / 2);
}

static void classic_commits_when_the_table_says(void)
{
    compare_flow(&gb_flow_classic);
}

static void fisco3_commits_and_is_stable_when_the_table_says(void)
{
    compare_flow(&gb_flow_fisco3);
}

/* The draws are keyed, so the three phases of fisco2 see the very delays of fisco3. */
static void fisco2_commits_exactly_when_fisco3_does(void)
{
    struct gb_consensus_config config = {
        .committee = {.flow = &gb_flow_fisco2, .n_nodes = 10, .leader_period = 1},
        .link = links[EXPONENTIAL],
        .draws = {.seed = 5},
        .n_decisions = 200};
    struct gb_consensus_report fisco2 = {0}, fisco3 = {0};
    struct gb_error err = {0};

    EXPECT_INT(gb_consensus_measure(&config, &fisco2, &err), GB_OK);
    config.committee.flow = &gb_flow_fisco3;
    EXPECT_INT(gb_consensus_measure(&config, &fisco3, &err), GB_OK);
    EXPECT_NEAR(fisco2.commit_leader.mean, fisco3.commit_leader.mean, 1e-9);
    EXPECT_NEAR(fisco2.commit_first.mean, fisco3.commit_first.mean, 1e-9);
    EXPECT_NEAR(fisco2.commit_last.mean, fisco3.commit_last.mean, 1e-9);
    EXPECT(fisco2.stable_quorum.mean < fisco3.stable_quorum.mean);
}

/* A block needs its parent committed at its leader; checkpoints do not hold it up. */
static void a_busy_chain_has_a_block_every_3d_and_less_than_a_commit_by_all_apart(void)
{
    /* clang-format off */
    struct gb_consensus_config config = {
        .committee = {.flow = &gb_flow_fisco3, .n_nodes = 7, .leader_period = 1},
        .link = {&gb_delay_constant, {{50000000}}}, .draws = {.seed = 5}, .n_decisions = 1000};
    /* clang-format on */
    struct gb_consensus_report report = {0};
    struct gb_estimate interval = {0};
    struct gb_error err = {0};

    EXPECT_INT(gb_consensus_measure_busy(&config, &interval, &err), GB_OK);
    EXPECT_NEAR(interval.mean, 150, 0);
    EXPECT_NEAR(interval.standard_error, 0, 0);
    config.link = links[EXPONENTIAL];
    EXPECT_INT(gb_consensus_measure_busy(&config, &interval, &err), GB_OK);
    EXPECT_INT(gb_consensus_measure(&config, &report, &err), GB_OK);
    EXPECT(interval.mean > report.commit_first.mean && interval.mean < report.commit_last.mean);
    EXPECT(interval.standard_error > 0 && interval.standard_error < 0.05 * interval.mean);
}

int main(void)
{
    /* clang-format off */
    static const struct tap_test tests[] = {
        TAP(classic_commits_when_the_table_says),
        TAP(fisco3_commits_and_is_stable_when_the_table_says),
        TAP(fisco2_commits_exactly_when_fisco3_does),
        TAP(a_busy_chain_has_a_block_every_3d_and_less_than_a_commit_by_all_apart),
        {0}
    };
    /* clang-format on */
    return tap_main("pbft latency", tests);
}
