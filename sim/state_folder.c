/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/state_folder.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/lock.h"
#include "sim/command.h"
#include "sim/json.h"
#include "sim/supervise.h"

#define PLACE   "/run/troth-sim"
#define NAME    8    /* bytes: it only tells the folders of one machine apart */
#define LOCK_MS 5000 /* one that was killed a moment ago may not have left yet */

char *sim_path_in(const char *folder, const char *name)
{
    const size_t room = strlen(folder) + strlen(name) + 2;
    char *path = malloc(room);

    if (!path)
        sim_die("out of memory");
    (void)snprintf(path, room, "%s/%s", folder, name);
    return path;
}

static char *place_of(const char *folder)
{
    char *whole = realpath(folder, NULL);
    struct sim_bytes path = {0};
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx hash;

    if (!whole)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot find", folder, errno);
    sha256_init(&hash);
    sha256_update(&hash, strlen(whole), (const uint8_t *)whole);
    sha256_digest(&hash, sizeof digest, digest);
    free(whole);
    sim_bytes_append(&path, sim_text(PLACE "/"));
    sim_hex_lower(&path, (struct troth_span){digest, NAME});
    sim_bytes_append_byte(&path, 0);
    return (char *)path.ptr;
}

char *sim_state_folder_make(const char *folder)
{
    char *place = place_of(folder), *link = sim_path_in(folder, "state");

    if (mkdir(PLACE, 0755) != 0 && errno != EEXIST)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot create", PLACE, errno);
    if ((unlink(link) != 0 && errno != ENOENT) || symlink(place, link) != 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot make the link", link, errno);
    free(link);
    return place;
}

void sim_state_folder_forget(const char *state)
{
    char *log = sim_path_in(state, "events.json"), *lock = sim_path_in(state, "lock");
    int held = -1;

    /* A state folder has both; what else is called so stays. */
    if (access(log, F_OK) == 0 && access(lock, F_OK) == 0) {
        /* Whoever has it still is another machine's: troth-run will say so. */
        if (troth_lock_take(&held, lock, troth_patience_real(), LOCK_MS,
                            "another troth-run has it") == 0)
            (void)unlink(log);
        troth_lock_release(held);
    }
    free(log);
    free(lock);
}
