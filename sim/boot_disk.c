/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/boot_disk.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/cpio.h"
#include "init/module_name.h"
#include "sim/beside.h"
#include "sim/command.h"
#include "sim/guest.h"
#include "sim/supervise.h"

/* What the guest's parts need, in the order in which it has to be there. A kernel may
 * have any of it built in. */
static const char *const names[] = {
    "failover",
    "net_failover",
    "virtio_net",
    "fuse",
    "cuse",
    "vsock",
    "vmw_vsock_virtio_transport_common",
    "vsock_loopback",
};
enum { NAMES = sizeof names / sizeof *names };

struct disk {
    struct troth_cpio_writer writer;
    struct sim_bytes bytes;
};

/* ---- the archive ---- */

static void add(struct disk *disk, const char *path, enum troth_entry_kind kind,
                struct troth_span content)
{
    const struct troth_entry entry = {
        .kind = kind, .path = sim_text(path), .mode = 0755, .size = content.len};
    uint8_t head[TROTH_CPIO_MEMBER_MAX];
    size_t len;

    if (troth_cpio_write_member(&disk->writer, head, &len, &entry, 0))
        sim_fail(SIM_STATUS_NOT_RUN, "cannot be put into a ramdisk:", path, 0);
    sim_bytes_append(&disk->bytes, (struct troth_span){head, len});
    sim_bytes_append(&disk->bytes, content);
    sim_bytes_append_zeros(&disk->bytes, troth_cpio_padding(&entry));
}

static void add_folder(struct disk *disk, const char *path)
{
    add(disk, path, TROTH_ENTRY_FOLDER, (struct troth_span){NULL, 0});
}

static void add_file(struct disk *disk, const char *path, const char *from)
{
    struct sim_bytes content = {0};
    uint8_t piece[65536];
    FILE *file = fopen(from, "re");
    size_t part;

    if (!file)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot read", from, errno);
    while ((part = fread(piece, 1, sizeof piece, file)) > 0)
        sim_bytes_append(&content, (struct troth_span){piece, part});
    if (ferror(file))
        sim_fail(SIM_STATUS_NOT_RUN, "cannot read", from, EIO);
    (void)fclose(file);
    add(disk, path, TROTH_ENTRY_FILE, sim_bytes_span(content));
    sim_bytes_free(&content);
}

static void finish(struct disk *disk)
{
    uint8_t end[TROTH_CPIO_MEMBER_MAX + TROTH_CPIO_ALIGNMENT];
    size_t len;

    troth_cpio_write_end(&disk->writer, end, &len);
    sim_bytes_append(&disk->bytes, (struct troth_span){end, len});
}

/* ---- modules ---- */

/* Which of the names a file is called by: "NAME.ko", perhaps compressed; NAMES: none. */
static size_t which(const char *file)
{
    bool is_compressed;
    size_t i = 0;

    if (!troth_init_module_name(&is_compressed, file))
        return NAMES;
    while (i < NAMES && (strncmp(file, names[i], strlen(names[i])) != 0 ||
                         file[strlen(names[i])] != '.'))
        i++;
    return i;
}

static void find(char *found[NAMES], char *folder)
{
    char *const roots[] = {folder, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    const FTSENT *entry;

    if (!walk)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot read", folder, errno);
    while ((entry = fts_read(walk))) {
        const size_t i = entry->fts_info == FTS_F ? which(entry->fts_name) : NAMES;

        if (i == NAMES)
            continue;
        if (found[i])
            sim_fail(SIM_STATUS_NOT_RUN, "modules of several kernels are in", folder, 0);
        found[i] = strdup(entry->fts_path);
        if (!found[i])
            sim_die("out of memory");
    }
    (void)fts_close(walk);
}

static void add_modules(struct disk *disk, const char *modules, const char *release)
{
    char *found[NAMES] = {NULL};
    char folder[4096], path[256];
    struct stat there;

    (void)snprintf(folder, sizeof folder, "%s/%s", modules, release);
    if (stat(folder, &there) != 0)
        (void)snprintf(folder, sizeof folder, "%s", modules);
    if (stat(folder, &there) != 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot find the kernel's modules in", folder,
                 errno);
    find(found, folder);
    for (size_t i = 0; i < NAMES; i++) {
        if (!found[i])
            continue;
        (void)snprintf(path, sizeof path, SIM_GUEST_MODULES "/%02u-%s", (unsigned)i,
                       strrchr(found[i], '/') + 1);
        add_file(disk, path, found[i]);
        free(found[i]);
    }
}

struct sim_bytes sim_boot_disk(const char *modules, const char *release,
                               struct troth_span words)
{
    struct disk disk = {.bytes = {NULL, 0}};
    char *guest = sim_beside_find("troth-sim-guest");

    add_folder(&disk, SIM_GUEST_FOLDER);
    add_file(&disk, SIM_GUEST_INIT, guest);
    add_folder(&disk, SIM_GUEST_MODULES);
    add_modules(&disk, modules, release);
    add(&disk, SIM_GUEST_WORDS, TROTH_ENTRY_FILE, words);
    finish(&disk);
    free(guest);
    return disk.bytes;
}
