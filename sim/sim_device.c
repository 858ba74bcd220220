/* troth-sim nsm, sev-guest, tdx-guest: a program on a machine with such a device. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/cuse.h"
#include "sim/machine.h"
#include "sim/nsm_device.h"
#include "sim/qgs_server.h"
#include "sim/sev_device.h"
#include "sim/supervise.h"
#include "sim/tdx_device.h"

static struct sim_nsm nsm;
static struct sim_sev sev;
static struct sim_intel host; /* what makes quotes of the machine's reports */

static void *make_nsm(struct sim_machine *machine)
{
    sim_nsm_init(&nsm, &machine->nitro);
    return &nsm;
}

static void *make_sev(struct sim_machine *machine)
{
    sev.doc = &machine->snp;
    return &sev;
}

static void *make_tdx(struct sim_machine *machine)
{
    host = machine->intel;
    const int error = sim_qgs_serve(&host);

    if (error)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot listen at", "vsock port 4050", error);
    return &machine->intel;
}

struct device {
    const char *command, *node, *kind;
    sim_ioctl *ioctl;
    void *(*make)(struct sim_machine *machine);
};

static const struct device nsm_device = {"nsm", "nsm", "nitro", sim_nsm_ioctl, make_nsm};
static const struct device sev_device = {"sev-guest", "sev-guest", "snp", sim_sev_ioctl,
                                         make_sev};
static const struct device tdx_device = {"tdx-guest", "tdx_guest", "tdx", sim_tdx_ioctl,
                                         make_tdx};

/* Whoever has the device needs no simulator, and must not take one for it. */
static void refuse_genuine(const struct device *device)
{
    char path[64];

    (void)snprintf(path, sizeof path, "/dev/%s", device->node);
    if (access(path, F_OK) == 0)
        sim_fail(SIM_STATUS_NOT_RUN, "this machine has a device of its own:", path, 0);
}

static char **parse(struct sim_order *order, char **arguments)
{
    for (; *arguments && **arguments == '-'; arguments++) {
        if (strcmp(*arguments, "--") == 0) {
            arguments++;
            break;
        }
        if (strcmp(*arguments, "--kind") == 0 || !sim_order_option(order, &arguments))
            sim_refuse("no such option", *arguments);
    }
    if (!*arguments)
        sim_refuse("missing", "PROGRAM");
    return arguments;
}

static int run(const struct device *device, char **arguments)
{
    struct sim_order order = sim_order_default();
    char **program = parse(&order, arguments);

    order.mint.kind = device->kind;
    refuse_genuine(device);
    struct sim_machine *machine = sim_machine_create(&order);
    const struct sim_child child = sim_child_fork(program);
    const struct sim_cuse node = {device->node, device->ioctl, device->make(machine)};
    const int error = sim_cuse_serve(&node);

    if (error)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot serve through", "/dev/cuse", error);
    const int status = sim_child_await(child, NULL);

    /* The threads that serve go with us, and with them the device. */
    (void)fflush(stdout);
    _exit(status);
}

static int run_nsm(char **arguments)
{
    return run(&nsm_device, arguments);
}

static int run_sev(char **arguments)
{
    return run(&sev_device, arguments);
}

static int run_tdx(char **arguments)
{
    return run(&tdx_device, arguments);
}

#define OPTIONS                                                                          \
    "Takes root and Linux's module cuse.\n"                                              \
    "\n"                                                                                 \
    "  --seed N       another seed, other keys (default 0)\n"                            \
    "  --machine N    another machine, of the same image and under the same root\n"      \
    "                 (default 0)\n"                                                     \
    "  --set CLAIM=VALUE\n"                                                              \
    "                 what it says: a register, a field\n"                               \
    "\n"                                                                                 \
    "The exit status is the program's; 125: it was not run, 126: it cannot be,\n"        \
    "127: there is none, 128 and more: a signal ended it.\n"                             \
    "\n"

const struct sim_command sim_command_nsm = {
    .name = "nsm",
    .help =
        "usage: troth-sim nsm [OPTIONS] [--] PROGRAM [ARGUMENT…]\n"
        "\n"
        "Run a program while the Nitro secure module of a simulated enclave is at\n"
        "/dev/nsm. Everybody on this machine sees it; PCR16 to PCR31 are free.\n" OPTIONS
        "example: troth-sim nsm -- troth-agent --help\n",
    .run = run_nsm,
};

const struct sim_command sim_command_sev = {
    .name = "sev-guest",
    .help = "usage: troth-sim sev-guest [OPTIONS] [--] PROGRAM [ARGUMENT…]\n"
            "\n"
            "Run a program while the device of a simulated SEV-SNP guest is at\n"
            "/dev/sev-guest. Everybody on this machine sees it.\n" OPTIONS
            "example: troth-sim sev-guest -- troth-agent --help\n",
    .run = run_sev,
};

const struct sim_command sim_command_tdx = {
    .name = "tdx-guest",
    .help = "usage: troth-sim tdx-guest [OPTIONS] [--] PROGRAM [ARGUMENT…]\n"
            "\n"
            "Run a program while the device of a simulated TDX guest is at\n"
            "/dev/tdx_guest, and the service that makes quotes at vsock port 4050.\n"
            "Everybody on this machine sees them.\n" OPTIONS
            "example: troth-sim tdx-guest -- troth-agent --help\n",
    .run = run_tdx,
};
