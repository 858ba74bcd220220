/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/tsm_guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/supervise.h"
#include "sim/tsm_fuse.h"
#include "sim/tsm_mount.h"

#define CONFIG    SIM_TSM_CONFIG
#define TDX_GUEST SIM_TSM_TDX_GUEST

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

void sim_tsm_guest_run(struct sim_machine *machine, struct sim_tsm_guest guest,
                       char **program)
{
    struct sim_tsm *tsm = calloc(1, sizeof *tsm);

    if (!tsm)
        sim_die("out of memory");
    tsm->machine = machine;
    tsm->fault = guest.fault;
    if (machine->kind == SIM_MACHINE_NITRO)
        sim_refuse("no report interface on a machine of this kind:", "nitro");
    if (!guest.is_forced)
        refuse_genuine();
    sim_mount_enter();
    const struct sim_child child = sim_child_fork(program);

    serve(tsm);
    const int status = sim_child_await(child, NULL);

    /* The thread that serves goes with us, and with it what is mounted. */
    (void)fflush(stdout);
    _exit(status);
}
