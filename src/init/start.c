/* SPDX-License-Identifier: Apache-2.0 */
#include "init/start.h"

#include <signal.h>
#include <stddef.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "init/entropy.h"
#include "init/heartbeat.h"
#include "init/modules.h"
#include "init/mounts.h"
#include "init/network.h"
#include "init/places.h"
#include "init/program.h"
#include "init/say.h"
#include "init/settings.h"
#include "init/switch_root.h"

static bool modules(struct troth_init_fault *fault)
{
    return troth_init_modules(fault, TROTH_INIT_MODULES) && troth_init_shut_doors(fault);
}

/* Nobody may be waiting for it, and nothing hangs on it. */
static bool heartbeat(struct troth_init_fault *fault)
{
    struct troth_init_heartbeat heartbeat;

    if (!troth_init_read_cmdline(&heartbeat, fault))
        return false;
    if (heartbeat.is_off)
        troth_init_say("heartbeat: off");
    else if (troth_init_beat(&heartbeat, fault))
        troth_init_say("heartbeat: answered");
    else
        troth_init_say("heartbeat: %s", fault->text);
    return true;
}

static bool program(struct troth_init_fault *fault)
{
    int status;
    const bool is_started = troth_init_program(&status, fault);

    /* What it left behind ran under its eyes alone, and has to be gone before the console
     * is written to, where the host can make anybody wait. */
    (void)kill(-1, SIGKILL);
    if (!is_started)
        return false;
    troth_init_say("the program ended with status %d", status);
    return true;
}

/* In this order; the first that fails is the machine's end. */
static const struct {
    const char *name;
    bool (*take)(struct troth_init_fault *fault);
} steps[] = {
    {"mounts", troth_init_mounts},
    {"modules", modules},
    {"network", troth_init_network},
    {"entropy", troth_init_entropy},
    {"heartbeat", heartbeat},
    {"root", troth_init_switch_root},
    {"program", program},
};

/* Not every machine has what it could be switched off by: that of an enclave ends when it
 * starts again. */
static _Noreturn void stop(void)
{
    const bool can_power_off = access("/sys/firmware/acpi", F_OK) == 0 ||
                               access("/rootfs/sys/firmware/acpi", F_OK) == 0;

    sync();
    troth_init_say_all();
    (void)reboot(can_power_off ? RB_POWER_OFF : RB_AUTOBOOT);
    _exit(1);
}

void troth_init_start(void)
{
    struct troth_init_fault fault = {""};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        troth_init_say("%s", steps[i].name);
        if (steps[i].take(&fault))
            continue;
        troth_init_say("error: %s: %s", steps[i].name, fault.text);
        break;
    }
    stop();
}
