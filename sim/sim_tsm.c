/* troth-sim tsm: a program on a machine with Linux's report interface. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "sim/command.h"
#include "sim/tsm_guest.h"

struct wish {
    struct sim_order order;
    struct sim_tsm_guest guest;
    char **program;
};

static struct wish parse(char **arguments)
{
    struct wish wish = {.order = sim_order_default()};

    for (; *arguments && **arguments == '-'; arguments++) {
        if (strcmp(*arguments, "--") == 0) {
            arguments++;
            break;
        }
        if (strcmp(*arguments, "--force") == 0)
            wish.guest.is_forced = true;
        else if (strcmp(*arguments, "--fault") == 0) {
            const char *option = *arguments++;

            wish.guest.fault = sim_tsm_fault_parse(option, *arguments);
        } else if (!sim_order_option(&wish.order, &arguments)) {
            sim_refuse("no such option", *arguments);
        }
    }
    if (!*arguments)
        sim_refuse("missing", "PROGRAM");
    wish.program = arguments;
    return wish;
}

static int run(char **arguments)
{
    const struct wish wish = parse(arguments);

    sim_tsm_guest_run(sim_machine_create(&wish.order), wish.guest, wish.program);
}

#define X(name, word, meaning) "                 " word ": " meaning "\n"
const struct sim_command sim_command_tsm = {
    .name = "tsm",
    .help =
        "usage: troth-sim tsm [OPTIONS] [--] PROGRAM [ARGUMENT…]\n"
        "\n"
        "Run a program on a simulated machine: it, and nobody else, finds Linux's "
        "report\n"
        "interface at " SIM_TSM_CONFIG "/tsm/report, and on a TDX machine the\n"
        "registers at " SIM_TSM_TDX_GUEST "/measurements.\n"
        "Takes root, or user namespaces and a /dev/fuse that anybody may open.\n"
        "\n"
        "  --kind KIND    tdx or snp (default tdx)\n"
        "  --seed N       another seed, other keys (default 0)\n"
        "  --machine N    another machine, of the same image and under the same root\n"
        "                 (default 0)\n"
        "  --set CLAIM=VALUE\n"
        "                 what it says: tcb.status (tdx), a register, a field\n"
        "  --fault KIND[:COUNT]\n"
        "                 how it fails, always or so many times:\n" SIM_TSM_FAULTS(
            X) "  --force        although the machine has a device of its own\n"
               "\n"
               "The exit status is the program's; 125: it was not run, 126: it cannot "
               "be,\n"
               "127: there is none, 128 and more: a signal ended it.\n"
               "\n"
               "example: troth-sim tsm --kind snp -- troth-agent --help\n",
    .run = run,
};
#undef X
