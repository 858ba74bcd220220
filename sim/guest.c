/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "init/modules.h"
#include "sim/command.h"
#include "sim/cuse.h"
#include "sim/machine.h"
#include "sim/nsm_device.h"
#include "sim/supervise.h"

enum { WORDS_MAX = 64, WORDS_ROOM = 16384 };

_Noreturn static void stop(const char *what, const char *why)
{
    (void)fprintf(stderr, "troth-sim: error: %s: %s\n", what, why);
    (void)tcdrain(STDERR_FILENO);
    (void)reboot(RB_POWER_OFF);
    _exit(1);
}

_Noreturn static void stop_errno(const char *what, int error)
{
    stop(what, strerror(error)); /* NOLINT(concurrency-mt-unsafe): one thread */
}

/* ---- the device ---- */

static char **read_words(void)
{
    static char text[WORDS_ROOM];
    static char *words[WORDS_MAX + 1];
    const int file = open("/" SIM_GUEST_WORDS, O_RDONLY | O_CLOEXEC);
    const ssize_t len = file < 0 ? -1 : read(file, text, sizeof text - 1);
    size_t count = 0;

    if (len < 0)
        stop_errno(SIM_GUEST_WORDS, errno);
    (void)close(file);
    for (char *at = text; at < text + len && count < WORDS_MAX; at += strlen(at) + 1)
        words[count++] = at;
    return words;
}

_Noreturn static void serve_device(int ready)
{
    static struct sim_nsm nsm;
    struct sim_order order = sim_order_default();

    order.mint.kind = "nitro";
    for (char **words = read_words(); *words; words++)
        if (!sim_order_option(&order, &words))
            sim_refuse("no such option", *words);

    struct sim_machine *machine = sim_machine_create(&order);
    const struct sim_cuse node = {"nsm", sim_nsm_ioctl, &nsm};

    sim_nsm_init(&nsm, &machine->nitro);

    const int error = sim_cuse_serve(&node);

    if (error)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot serve through", "/dev/cuse", error);
    sim_guest_say_ready(ready);
    for (;;)
        (void)pause();
}

/* ---- the beginning ---- */

static const struct {
    const char *what;
    void (*serve)(int ready);
} parts[] = {
    {"the device", serve_device},
    {"the heartbeat", sim_guest_heartbeat},
    {"the way in", sim_guest_forward},
};

void sim_guest_say_ready(int ready)
{
    if (write(ready, "", 1) == 1)
        (void)close(ready);
}

/* What serves has to be there before the image asks for it. */
static void start(size_t which)
{
    int ends[2];
    char byte;

    if (pipe2(ends, O_CLOEXEC) != 0)
        stop_errno(parts[which].what, errno);
    const pid_t part = fork();

    if (part < 0)
        stop_errno(parts[which].what, errno);
    if (part == 0) {
        (void)close(ends[0]);
        (void)signal(SIGCHLD, SIG_IGN); /* none is waited for */
        (void)signal(SIGPIPE, SIG_IGN);
        parts[which].serve(ends[1]);
        _exit(1);
    }
    (void)close(ends[1]);
    if (read(ends[0], &byte, 1) != 1)
        stop(parts[which].what, "it does not start");
    (void)close(ends[0]);
}

void sim_guest_start(void)
{
    static char name[] = "init";
    static char *const words[] = {name, NULL}, *const nothing[] = {NULL};
    struct troth_init_fault fault;

    (void)mkdir("/dev", 0755);
    if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL) != 0)
        stop_errno("/dev", errno);
    if (!troth_init_modules(&fault, "/" SIM_GUEST_MODULES))
        stop("modules", fault.text);
    const int error = sim_guest_network();

    if (error)
        stop_errno("the network", error);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        start(i);
    (void)fputs("troth-sim: the image starts\n", stderr);
    (void)execve(SIM_GUEST_NEXT, words, nothing);
    stop_errno(SIM_GUEST_NEXT, errno);
}
