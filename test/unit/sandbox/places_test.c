/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sandbox/places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/sandbox/world.h"

static struct troth_sandbox_fault fault;

static const struct {
    const char *why;
    const char *read[4], *write[4], *socket;
    const char *order; /* NULL: refused */
} lists[] = {
    {"nothing", {0}, {0}, NULL, ""},
    {"folders come before what is in them, and their neighbours after that",
     {"/a/b", "/a-b", "/a"},
     {0},
     NULL,
     "/a /a/b /a-b "},
    {"whatever they are for",
     {"/srv/data/fixed", "/srv"},
     {"/srv/data"},
     "/srv/data/agent.sock",
     "/srv /srv/data /srv/data/agent.sock /srv/data/fixed "},
    {"the same twice", {"/a", "/b", "/a"}, {0}, NULL, "/a /b "},
    {"to read and to write", {"/a"}, {"/a"}, NULL, NULL},
    {"the machine's devices", {"/dev"}, {0}, NULL, NULL},
    {"its report interface", {0}, {"/sys/kernel/config"}, NULL, NULL},
    {"its processes", {"/proc/1"}, {0}, NULL, NULL},
    {"all of it", {"/"}, {0}, NULL, NULL},
    {"a way up", {"/srv/../root"}, {0}, NULL, NULL},
    {"a relative path", {0}, {"srv"}, NULL, NULL},
    {"a relative socket", {0}, {0}, "agent.sock", NULL},
};

static size_t count(const char *const *paths)
{
    size_t many = 0;

    while (paths[many])
        many++;
    return many;
}

static void list_all(struct troth_sandbox_places *places)
{
    for (size_t i = 0; i < COUNT(lists); i++) {
        const struct troth_sandbox sandbox = {
            .read = lists[i].read,
            .read_count = count(lists[i].read),
            .write = lists[i].write,
            .write_count = count(lists[i].write),
            .socket = lists[i].socket,
        };
        char order[256] = "";
        const bool is_done = troth_sandbox_places_list(places, &sandbox, &fault);

        test_case("list: %s", lists[i].why);
        CHECK(is_done == (lists[i].order != NULL));
        for (size_t row = 0; is_done && row < places->count; row++) {
            CHECK(strlen(order) + strlen(places->rows[row].path) + 2 < sizeof order);
            (void)stpcpy(stpcpy(order + strlen(order), places->rows[row].path), " ");
        }
        if (is_done && lists[i].order)
            CHECK_TEXT(order, lists[i].order);
        else
            CHECK_INT(fault.error, EINVAL);
    }
}

/* One place, and perhaps another that is written. Returns an errno. */
static int take(struct troth_sandbox_places *places, const char *read, const char *write)
{
    const struct troth_sandbox sandbox = {
        .read = &read, .read_count = 1, .write = &write, .write_count = write != NULL};

    if (!troth_sandbox_places_list(places, &sandbox, &fault))
        return -1;
    return troth_sandbox_places_take(places, &fault) ? 0 : fault.error;
}

static void take_all(struct troth_sandbox_places *places, const struct world *world)
{
    const char *link = world_path(world->kept, "link");
    const char *beyond = world_path(world->kept, "link/file");
    const char *folder = world_path(world->kept, "folder");
    const char *missing = world_path(world->folder, "missing");

    CHECK(mkdir(folder, 0755) == 0 && symlink(world->outside, link) == 0);
    test_case("what is not there");
    CHECK_INT(take(places, missing, NULL), ENOENT);
    CHECK_TEXT(fault.path, missing);
    test_case("a folder in a written one");
    CHECK_INT(take(places, folder, world->kept), 0);
    CHECK(places->rows[1].tree >= 0 && places->rows[1].is_folder);
    test_case("a link in a written folder, which the program may have laid");
    CHECK_INT(take(places, link, world->kept), ELOOP);
    CHECK_INT(take(places, beyond, world->kept), ELOOP);
    test_case("the same where the program does not write");
    CHECK_INT(take(places, link, NULL), 0);
    CHECK(places->rows[0].tree >= 0);
    test_case("a link into another place stays a link");
    CHECK_INT(take(places, link, world->outside), 0);
    CHECK_INT(places->rows[0].tree, -1);
    CHECK_TEXT(places->rows[0].link, world->outside);
}

int main(void)
{
    struct troth_sandbox_places *places = calloc(1, sizeof *places);
    const char *obstacle = world_obstacle();
    struct world world;

    list_all(places);
    test_case("taking hold of them");
    if (obstacle) {
        test_skip("%s", obstacle);
    } else {
        world_open(&world);
        take_all(places, &world);
        world_close(&world);
    }
    free(places);
    return test_finish();
}
