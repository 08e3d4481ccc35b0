#include "cli/result_input.h"

#include "cli/command.h"
#include "cli/crash_handler.h"
#include "cli/message.h"
#include "cli/pair.h"

int gb_result_input_open(struct gb_results **out, const char *path)
{
    struct gb_error err = {0};

    gb_pair_settle(path);
    gb_crash_handler_begin(path);
    if (gb_results_open_input(out, path, &err) == GB_OK)
        return GB_EXIT_DONE;
    gb_crash_handler_end();
    return gb_message_failure(&err);
}

void gb_result_input_close(struct gb_results *results)
{
    gb_results_close(results);
    gb_crash_handler_end();
}
