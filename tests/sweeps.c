#include "tests/sweeps.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/text_file.h"

const char sweep_four_meters[] = "format: 1\nslots: 2\nslot: 2 h\nmarket.open: 1 h\n"
                                 "meters.count: 4\nchain.protocol: ideal\n"
                                 "output.level: summary\n";

struct gb_sweep *sweep_of_texts(const char *scenario_path, const char *scenario, const char *path,
                                const char *text, int64_t replications)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_sweep *sweep = NULL;
    struct gb_error err = {0};

    write_text(scenario_path, scenario);
    write_text(path, text);
    EXPECT_INT(gb_sweep_load(&sweep, NULL, path, 0, NULL, replications, diagnostics, &err), GB_OK);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++)
        tap_note("%s", gb_diagnostics_at(diagnostics, i));
    gb_diagnostics_free(diagnostics);
    unlink(scenario_path);
    unlink(path);
    return sweep;
}

struct gb_sweep *sweep_as_stored(const char *folder, const struct gb_sweep *sweep)
{
    char *text = NULL, *scenario = NULL, *again = NULL, path[2][256];
    struct gb_error err = {0};
    struct gb_sweep *back = NULL;

    snprintf(path[0], sizeof path[0], "%s/scenario.yaml", folder); /* as a stored sweep names it */
    snprintf(path[1], sizeof path[1], "%s/sweep.yaml", folder);
    if (EXPECT_INT(gb_sweep_text(sweep, &text, &err), GB_OK) &&
        EXPECT_INT(gb_scenario_text(gb_sweep_base(sweep), &scenario, &err), GB_OK) &&
        EXPECT_INT(mkdir(folder, 0777), 0)) {
        back = sweep_of_texts(path[0], scenario, path[1], text, 0);
        rmdir(folder);
    }
    if (EXPECT(back != NULL) && EXPECT_INT(gb_sweep_text(back, &again, &err), GB_OK))
        EXPECT_TEXT(again, text);
    free(text);
    free(again);
    free(scenario);
    return back;
}
