/* troth-sim disk: a disk whose power fails when it is told to. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/bytes.h"
#include "sim/command.h"
#include "sim/disk_fuse.h"

#define STATUS_UNABLE 1
#define ORDER_ROOM    128
#define FULL_MOST     ((uint64_t)1 << 40)

struct wish {
    const char *folder;
    struct sim_disk disk;
    struct fuse_session *session;
    char order[ORDER_ROOM]; /* what was read of one so far */
    size_t order_len;
    bool is_awaited; /* somebody wants to hear that the power has failed */
};

static volatile sig_atomic_t is_over;

static void on_signal(int number)
{
    (void)number;
    is_over = 1;
}

static uint64_t pages_for(uint64_t bytes)
{
    return bytes / SIM_DISK_PAGE > 0 ? bytes / SIM_DISK_PAGE : 1;
}

static void parse(struct wish *out, char **arguments)
{
    for (; *arguments; arguments++) {
        const char *option = *arguments;

        if (strcmp(option, "--full") == 0) {
            out->disk.room.most = pages_for(
                sim_parse_number(option, *++arguments, FULL_MOST));
        } else if (*option == '-') {
            sim_refuse("no such option", option);
        } else if (out->folder) {
            sim_refuse("too many arguments:", option);
        } else {
            out->folder = option;
        }
    }
    if (!out->folder)
        sim_refuse("missing", "FOLDER");
}

static void mount_it(struct wish *wish)
{
    const int failed = sim_disk_mount(&wish->session, &wish->disk, wish->folder);

    if (failed)
        sim_fail(STATUS_UNABLE, "cannot mount on", wish->folder, failed);
}

static void say(const char *word)
{
    (void)printf("%s\n", word);
    (void)fflush(stdout);
}

/* ---- orders ---- */

static uint64_t number_of(const char *text)
{
    return *text ? sim_parse_number("order", text, UINT64_MAX) : 0;
}

static bool order_cut(struct wish *wish, const char *text)
{
    const uint64_t changes = number_of(text);

    wish->disk.is_cut = wish->disk.is_cut || changes == 0;
    wish->disk.changes_left = changes;
    wish->is_awaited = true;
    return false;
}

static bool order_again(struct wish *wish, const char *text)
{
    const uint64_t seed = number_of(text);

    sim_disk_unmount(wish->session);
    sim_disk_again(&wish->disk, seed);
    mount_it(wish);
    return true;
}

static bool order_full(struct wish *wish, const char *text)
{
    const uint64_t bytes = number_of(text);

    wish->disk.room.most = bytes ? pages_for(bytes) : 0;
    return true;
}

static bool order_read_only(struct wish *wish, const char *text)
{
    wish->disk.is_read_only = number_of(text) != 0;
    return true;
}

static bool order_lie(struct wish *wish, const char *text)
{
    struct sim_disk *disk = &wish->disk;

    if (!*text) {
        sim_disk_be_honest(disk);
        return true;
    }
    if (disk->lie_count == SIM_DISK_LIES_MAX)
        sim_refuse("too many of", "lie");
    disk->lies[disk->lie_count] = strdup(text);
    if (!disk->lies[disk->lie_count++])
        sim_die("out of memory");
    return true;
}

static const struct {
    const char *name;
    bool (*obey)(struct wish *wish, const char *text); /* true: it is done */
} orders[] = {
    {"cut", order_cut},   {"again", order_again},
    {"full", order_full}, {"read-only", order_read_only},
    {"lie", order_lie},
};

static void obey(struct wish *wish)
{
    char *space = strchr(wish->order, ' ');

    if (space)
        *space = '\0';
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        if (strcmp(orders[i].name, wish->order) == 0) {
            if (orders[i].obey(wish, space ? space + 1 : ""))
                say(orders[i].name);
            return;
        }
    sim_refuse("no such order", wish->order);
}

/* False: nobody gives any more. */
static bool read_orders(struct wish *wish)
{
    const ssize_t len = read(STDIN_FILENO, wish->order + wish->order_len,
                             sizeof wish->order - wish->order_len - 1);
    char *end;

    if (len <= 0)
        return len < 0 && errno == EINTR;
    wish->order_len += (size_t)len;
    wish->order[wish->order_len] = '\0';
    while ((end = strchr(wish->order, '\n')) != NULL) {
        const size_t rest = wish->order_len - (size_t)(end + 1 - wish->order);

        *end = '\0';
        obey(wish);
        memmove(wish->order, end + 1, rest + 1);
        wish->order_len = rest;
    }
    if (wish->order_len == sizeof wish->order - 1)
        sim_refuse("no such order", wish->order);
    return true;
}

/* ---- its life ---- */

static bool go_on(struct wish *wish, const sigset_t *waiting)
{
    struct pollfd doors[] = {
        {.fd = sim_disk_descriptor(wish->session), .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN},
    };

    if (is_over)
        return false;
    if (ppoll(doors, 2, NULL, waiting) < 0)
        return errno == EINTR;
    if (doors[0].revents && !sim_disk_answer(wish->session))
        return false;
    if (doors[1].revents && !read_orders(wish))
        return false;
    if (wish->is_awaited && wish->disk.is_cut) {
        wish->is_awaited = false;
        say("cut");
    }
    return true;
}

/* They are only heard where it waits. */
static void hold_signals(sigset_t *out_waiting)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    const struct sigaction action = {.sa_handler = on_signal};
    sigset_t held;

    (void)sigemptyset(&held);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        (void)sigaddset(&held, numbers[i]);
        (void)sigaction(numbers[i], &action, NULL);
    }
    (void)sigprocmask(SIG_BLOCK, &held, out_waiting);
}

static int run(char **arguments)
{
    struct wish wish = {.folder = NULL};
    sigset_t waiting;

    sim_disk_init(&wish.disk, S_IFDIR | 0755);
    parse(&wish, arguments);
    hold_signals(&waiting);
    mount_it(&wish);
    say("ready");
    while (go_on(&wish, &waiting))
        continue;
    sim_disk_unmount(wish.session);
    sim_disk_free(&wish.disk);
    return 0;
}

const struct sim_command sim_command_disk = {
    .name = "disk",
    .help =
        "usage: troth-sim disk [OPTIONS] FOLDER\n"
        "\n"
        "Mount an empty disk, in memory, whose power fails when it is told to: what was "
        "not\n"
        "synced is gone then. A name is kept once its folder was synced, and a file's "
        "bytes\n"
        "once the file was; nothing is synced by the way. Takes root, or fusermount3.\n"
        "\n"
        "  --full BYTES   how much fits on it (default: what memory has)\n"
        "\n"
        "It says 'ready', and goes on until its input ends. A line of that is an order, "
        "and\n"
        "its first word is said once it is done:\n"
        "\n"
        "  cut [N]        the power fails: now, or as the N-th change or sync from now "
        "on is\n"
        "                 made; everything fails with EIO from then on\n"
        "  again [SEED]   it is back, with what was synced; of what was not, a seed "
        "keeps\n"
        "                 sectors, sizes and names as coins fall\n"
        "  full [BYTES]   how much fits on it from now on\n"
        "  read-only N    1: nothing can be written from now on; 0: it can\n"
        "  lie [NAME]     say that what has this name was synced, and do not sync it: to "
        "see\n"
        "                 what relies on it; a pattern, with a slash behind it for "
        "folders;\n"
        "                 without one it is honest again\n"
        "\n"
        "example: troth-sim disk --full 1000000 /mnt\n",
    .run = run,
};
