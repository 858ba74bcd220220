/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/tsm_entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "attester/fault.h"
#include "os/clock.h"
#include "os/descriptors.h"

/*
 * Pauses that double to half a second, two minutes in all: after a quote that timed out
 * the kernel's TDX driver says EBUSY until the host has answered that one.
 */
enum { TRIES_MAX = 256, PAUSE_MAX_MS = 512, NAMES_MAX = 64 };

enum { REPORT_DATA_SIZE = 64 };

static const struct troth_tsm_file provider = {"provider", "read provider"};
static const struct troth_tsm_file generation = {"generation", "read generation"};
static const struct troth_tsm_file rival = {"generation", "wait for a rival writer"};
static const struct troth_tsm_file inblob = {"inblob", "write inblob"};
static const struct troth_tsm_file outblob = {"outblob", "read outblob"};
static const struct troth_tsm_file auxblob = {"auxblob", "read auxblob"};
static const struct troth_tsm_file answer = {"outblob", "check outblob"};
static const struct troth_tsm_file floor_level = {"privlevel_floor",
                                                  "read privlevel_floor"};
static const struct troth_tsm_file level = {"privlevel", "write privlevel"};

/* The folder, open and locked. A lock ends with its process, whatever becomes of that. */
static int lock_folder(const char *path)
{
    const int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

    if (directory < 0)
        return -1;
    if (flock(directory, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;

        (void)close(directory);
        errno = error;
        return -1;
    }
    /* Somebody else may have had the lock between the two, and have removed it as a
     * leftover. */
    if (troth_descriptor_lies_at(directory, path))
        return directory;
    (void)close(directory);
    errno = ENOENT;
    return -1;
}

/* Whatever the dead wrote there is gone with it. */
static void remove_leftover(const char *path)
{
    const int directory = lock_folder(path);

    if (directory < 0)
        return;
    (void)rmdir(path);
    (void)close(directory);
}

/* A new folder of this name, or -1 and errno; EEXIST: somebody has it, or had it just
 * now. */
static int make_folder(const char *path)
{
    if (mkdir(path, 0755) != 0) {
        if (errno != EEXIST)
            return -1;
        remove_leftover(path);
        if (mkdir(path, 0755) != 0)
            return -1;
    }
    const int directory = lock_folder(path);

    if (directory < 0 && (errno == EWOULDBLOCK || errno == ENOENT))
        errno = EEXIST;
    return directory;
}

static bool take_folder(struct troth_tsm_folder *out, struct troth_attester_fault *fault)
{
    out->directory = -1;
    for (unsigned i = 0; i < NAMES_MAX; i++) {
        (void)snprintf(out->path, sizeof out->path, TROTH_TSM_REPORTS "/troth-%u", i);
        out->directory = make_folder(out->path);
        if (out->directory >= 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    /* The interface is there, and no driver behind it. */
    return troth_attester_fail(fault, errno == ENXIO ? ENODEV : errno, "mkdir",
                               out->path);
}

/* The guest may run at a level that the default is below: then the lowest it may ask for
 * is asked for. Only some providers know levels. */
static bool set_level(const struct troth_tsm_folder *folder,
                      struct troth_attester_fault *fault)
{
    uint64_t lowest;

    if (!troth_tsm_read_number(folder, &lowest, fault, &floor_level))
        return fault->error == ENOENT;
    if (lowest == 0)
        return true;
    if (lowest > 9)
        return troth_tsm_fail(folder, fault, EBADMSG, &floor_level);
    const uint8_t digit = (uint8_t)('0' + lowest);

    return troth_tsm_write(folder, fault, &level, (struct troth_span){&digit, 1});
}

static bool identify(struct troth_tsm_entry *entry, struct troth_attester_fault *fault)
{
    struct troth_tsm_text name;

    if (!troth_tsm_read_text(&entry->folder, &name, fault, &provider))
        return false;
    entry->kind = troth_tsm_kind_find((struct troth_span){name.bytes, name.len});
    if (entry->kind)
        return set_level(&entry->folder, fault);
    (void)troth_tsm_fail(&entry->folder, fault, ENOTSUP, &provider);
    troth_attester_fault_say(fault, (struct troth_span){name.bytes, name.len});
    return false;
}

/* One try. The caller releases `out`, whatever is returned. */
static bool ask_once(const struct troth_tsm_entry *entry, struct troth_quote *out,
                     struct troth_attester_fault *fault, struct troth_span report_data)
{
    const struct troth_tsm_folder *folder = &entry->folder;
    uint64_t before, after;

    if (!troth_tsm_read_number(folder, &before, fault, &generation) ||
        !troth_tsm_write(folder, fault, &inblob, report_data) ||
        !troth_tsm_read_blob(folder, &out->evidence, &out->owned[0], fault, &outblob))
        return false;
    if (entry->kind->has_table &&
        !troth_tsm_read_blob(folder, &out->collateral, &out->owned[1], fault, &auxblob))
        return false;
    if (!troth_tsm_read_number(folder, &after, fault, &generation))
        return false;
    if (after != before + 1)
        return troth_tsm_fail(folder, fault, EBUSY, &rival);
    if (!entry->kind->answers(out->evidence, report_data))
        return troth_tsm_fail(folder, fault, EBADMSG, &answer);
    return true;
}

/* Is there another try? Pauses before it. */
static bool is_worth_another(int error, unsigned tries, int64_t deadline_ms)
{
    const int64_t wanted_ms = tries < 10 ? INT64_C(1) << (tries - 1) : PAUSE_MAX_MS;
    const struct timespec pause = {0, (long)(wanted_ms * 1000000)};

    if ((error != EINTR && error != EBUSY && error != EAGAIN) || tries >= TRIES_MAX)
        return false;
    if (troth_clock_monotonic_ms() + wanted_ms >= deadline_ms)
        return false;
    (void)nanosleep(&pause, NULL);
    return true;
}

bool troth_tsm_entry_open(struct troth_tsm_entry *out, struct troth_attester_fault *fault)
{
    *out = (struct troth_tsm_entry){.folder.directory = -1};
    if (!take_folder(&out->folder, fault))
        return false;
    if (!identify(out, fault)) {
        troth_tsm_entry_close(out);
        return false;
    }
    *fault = (struct troth_attester_fault){0};
    return true;
}

bool troth_tsm_entry_give(const struct troth_tsm_entry *entry,
                          struct troth_attester_fault *fault, uint32_t user,
                          uint32_t group)
{
    static const struct troth_tsm_file given = {"inblob", "give inblob"};

    return fchownat(entry->folder.directory, given.name, user, group, 0) == 0 ||
           troth_tsm_fail(&entry->folder, fault, errno, &given);
}

void troth_tsm_entry_close(struct troth_tsm_entry *entry)
{
    if (entry->folder.directory < 0)
        return;
    (void)rmdir(entry->folder.path);
    (void)close(entry->folder.directory);
    *entry = (struct troth_tsm_entry){.folder.directory = -1};
}

bool troth_tsm_entry_quote(const struct troth_tsm_entry *entry, struct troth_quote *out,
                           struct troth_attester_fault *fault,
                           const uint8_t report_data[static 64], int64_t deadline_ms)
{
    const struct troth_span asked = {report_data, REPORT_DATA_SIZE};
    unsigned tries = 0;

    *out = (struct troth_quote){{NULL, 0}, {NULL, 0}, {NULL, NULL}};
    while (!ask_once(entry, out, fault, asked)) {
        troth_quote_release(out);
        if (!is_worth_another(fault->error, ++tries, deadline_ms))
            return false;
    }
    *fault = (struct troth_attester_fault){0};
    return true;
}
