/* troth-sim tsm: a program on a machine with Linux's report interface. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/supervise.h"
#include "sim/tsm_fuse.h"
#include "sim/tsm_mount.h"

#define CONFIG    "/sys/kernel/config"
#define TDX_GUEST "/sys/devices/virtual/misc/tdx_guest"

/* Whoever has one of these needs no simulator, and must not take one for it. */
static const char *const genuine[] = {
    "/sys/kernel/config/tsm/report",
    TDX_GUEST,
    "/dev/tdx_guest",
    "/dev/sev-guest",
    "/dev/nsm",
};

static void refuse_genuine(void)
{
    for (size_t i = 0; i < sizeof genuine / sizeof genuine[0]; i++)
        if (access(genuine[i], F_OK) == 0)
            sim_fail(SIM_STATUS_NOT_RUN,
                     "this machine has a device of its own, and --force was not given:",
                     genuine[i], 0);
}

/* One file system, its two parts seen where the kernel has them. */
static void serve(struct sim_tsm *tsm)
{
    sim_mount_make_folder(CONFIG);
    if (tsm->machine->kind == SIM_MACHINE_TDX)
        sim_mount_make_folder(TDX_GUEST);

    const int error = sim_tsm_serve(tsm, CONFIG);

    if (error)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot serve", CONFIG, error);
    const int config = sim_mount_take(CONFIG "/config");
    const int tdx_guest = sim_mount_take(CONFIG "/tdx_guest");

    sim_mount_drop(CONFIG);
    sim_mount_put(config, CONFIG);
    if (tsm->machine->kind == SIM_MACHINE_TDX)
        sim_mount_put(tdx_guest, TDX_GUEST);
    else
        (void)close(tdx_guest);
}

struct wish {
    struct sim_order order;
    struct sim_tsm_fault fault;
    bool is_forced;
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
            wish.is_forced = true;
        else if (strcmp(*arguments, "--fault") == 0) {
            const char *option = *arguments++;

            wish.fault = sim_tsm_fault_parse(option, *arguments);
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
    struct sim_tsm *tsm = calloc(1, sizeof *tsm);

    if (!tsm)
        sim_die("out of memory");
    tsm->machine = sim_machine_create(&wish.order);
    tsm->fault = wish.fault;
    if (tsm->machine->kind == SIM_MACHINE_NITRO)
        sim_refuse("no report interface on a machine of this kind:", "nitro");
    if (!wish.is_forced)
        refuse_genuine();
    sim_mount_enter();
    const struct sim_child child = sim_child_fork(wish.program);

    serve(tsm);
    const int status = sim_child_await(child);

    /* The thread that serves goes with us, and with it what is mounted. */
    (void)fflush(stdout);
    _exit(status);
}

#define X(name, word, meaning) "                 " word ": " meaning "\n"
const struct sim_command sim_command_tsm = {
    .name = "tsm",
    .help =
        "usage: troth-sim tsm [OPTIONS] [--] PROGRAM [ARGUMENT…]\n"
        "\n"
        "Run a program on a simulated machine: it, and nobody else, finds Linux's "
        "report\n"
        "interface at " CONFIG "/tsm/report, and on a TDX machine the\n"
        "registers at " TDX_GUEST "/measurements.\n"
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
