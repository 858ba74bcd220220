/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

#define FOLDER_MODE 0040755
#define FILE_MODE   0100644

/* A disk's life: f and g are files of its first folder. */
enum verb {
    END,
    MAKE,   /* a */
    WRITE,  /* a gets b bytes of the letter c, at its end */
    CUT_TO, /* a has b bytes */
    SYNC,   /* a */
    SYNC_ROOT,
    RENAME, /* a becomes b, both of the root */
    REMOVE, /* a, of the root */
    AGAIN   /* a: the seed */
};

struct step {
    enum verb verb;
    char what;
    int number;
    char letter;
};

static const struct {
    const char *why;
    struct step steps[10];
    const char *seen; /* "NAME:BYTES …" of the root */
} lives[] = {
    {"nothing synced, nothing there", {{MAKE, 'f'}, {WRITE, 'f', 3, 'x'}, {AGAIN}}, ""},
    {"a synced file has no name yet",
     {{MAKE, 'f'}, {WRITE, 'f', 3, 'x'}, {SYNC, 'f'}, {AGAIN}},
     ""},
    {"a name alone has no bytes",
     {{MAKE, 'f'}, {WRITE, 'f', 3, 'x'}, {SYNC_ROOT}, {AGAIN}},
     "f: "},
    {"both synced",
     {{MAKE, 'f'}, {WRITE, 'f', 3, 'x'}, {SYNC, 'f'}, {SYNC_ROOT}, {AGAIN}},
     "f:xxx "},
    {"what was written after the sync is gone",
     {{MAKE, 'f'},
      {WRITE, 'f', 3, 'x'},
      {SYNC, 'f'},
      {SYNC_ROOT},
      {WRITE, 'f', 3, 'y'},
      {AGAIN}},
     "f:xxx "},
    {"so is that it was cut",
     {{MAKE, 'f'},
      {WRITE, 'f', 3, 'x'},
      {SYNC, 'f'},
      {SYNC_ROOT},
      {CUT_TO, 'f', 1},
      {AGAIN}},
     "f:xxx "},
    {"and that it was removed",
     {{MAKE, 'f'},
      {WRITE, 'f', 3, 'x'},
      {SYNC, 'f'},
      {SYNC_ROOT},
      {REMOVE, 'f'},
      {AGAIN}},
     "f:xxx "},
    {"a synced removal is kept",
     {{MAKE, 'f'}, {SYNC_ROOT}, {REMOVE, 'f'}, {SYNC_ROOT}, {AGAIN}},
     ""},
    {"over another file: the old one until the folder is synced",
     {{MAKE, 'f'},
      {WRITE, 'f', 1, 'x'},
      {SYNC, 'f'},
      {SYNC_ROOT},
      {MAKE, 'g'},
      {WRITE, 'g', 1, 'y'},
      {SYNC, 'g'},
      {RENAME, 'g', 'f'},
      {AGAIN}},
     "f:x "},
    {"and then the new one",
     {{MAKE, 'f'},
      {SYNC_ROOT},
      {MAKE, 'g'},
      {WRITE, 'g', 1, 'y'},
      {SYNC, 'g'},
      {RENAME, 'g', 'f'},
      {SYNC_ROOT},
      {AGAIN}},
     "f:y "},
};

static uint64_t number_of(struct sim_disk *disk, char name)
{
    const char text[] = {name, 0};
    uint64_t number;

    CHECK_INT(sim_disk_find(disk, &number, SIM_DISK_ROOT, text), 0);
    return number;
}

static void make(struct sim_disk *disk, char name)
{
    const char text[] = {name, 0};
    const struct sim_disk_new what = {.mode = FILE_MODE};
    uint64_t number;

    CHECK_INT(sim_disk_make(disk, &number, SIM_DISK_ROOT, text, &what), 0);
}

static void append(struct sim_disk *disk, char name, size_t count, char letter)
{
    const uint64_t number = number_of(disk, name);
    uint8_t *bytes = malloc(count + 1);
    size_t written;

    memset(bytes, letter, count + 1);
    CHECK_INT(sim_disk_write(disk, &written, number, (struct troth_span){bytes, count},
                             sim_disk_node(disk, number)->content.size),
              0);
    CHECK_INT(written, count);
    free(bytes);
}

static void take(struct sim_disk *disk, const struct step *step)
{
    const char from[] = {step->what, 0}, to[] = {(char)step->number, 0};

    switch (step->verb) {
    case END:
        break;
    case MAKE:
        make(disk, step->what);
        break;
    case WRITE:
        append(disk, step->what, (size_t)step->number, step->letter);
        break;
    case CUT_TO:
        CHECK_INT(
            sim_disk_resize(disk, number_of(disk, step->what), (uint64_t)step->number),
            0);
        break;
    case SYNC:
        CHECK_INT(sim_disk_sync(disk, number_of(disk, step->what)), 0);
        break;
    case SYNC_ROOT:
        CHECK_INT(sim_disk_sync(disk, SIM_DISK_ROOT), 0);
        break;
    case RENAME:
        CHECK_INT(sim_disk_rename(disk, (struct sim_disk_place){SIM_DISK_ROOT, from},
                                  (struct sim_disk_place){SIM_DISK_ROOT, to}, true),
                  0);
        break;
    case REMOVE:
        CHECK_INT(sim_disk_remove(disk, SIM_DISK_ROOT, from, false), 0);
        break;
    case AGAIN:
        sim_disk_again(disk, (uint64_t)step->number);
        break;
    }
}

static void list(char *out, size_t room, const struct sim_disk *disk)
{
    const struct sim_disk_names *names = &sim_disk_node(disk, SIM_DISK_ROOT)->names;
    size_t len = 0;

    for (size_t i = 0; i < names->count; i++) {
        const struct sim_disk_node *node = sim_disk_node(disk, names->list[i].number);
        char bytes[16] = "";

        (void)sim_content_read(&node->content, (uint8_t *)bytes, sizeof bytes - 1, 0);
        len += (size_t)snprintf(out + len, room - len, "%s:%s ", names->list[i].text,
                                bytes);
    }
}

static void live(size_t index)
{
    struct sim_disk disk;
    char seen[200] = "";

    test_case("%s", lives[index].why);
    sim_disk_init(&disk, FOLDER_MODE);
    for (size_t i = 0; i < COUNT(lives[index].steps); i++)
        take(&disk, &lives[index].steps[i]);
    list(seen, sizeof seen, &disk);
    CHECK_TEXT(seen, lives[index].seen);
    sim_disk_free(&disk);
}

static void full(void)
{
    struct sim_disk disk;
    uint8_t bytes[3 * SIM_DISK_PAGE] = {1};
    size_t written;

    test_case("a full disk takes what fits, and more once something is gone");
    sim_disk_init(&disk, FOLDER_MODE);
    disk.room.most = 2;
    make(&disk, 'f');
    make(&disk, 'g');
    CHECK_INT(sim_disk_write(&disk, &written, number_of(&disk, 'f'),
                             (struct troth_span){bytes, sizeof bytes}, 0),
              0);
    CHECK_INT(written, 2 * SIM_DISK_PAGE);
    CHECK_INT(sim_disk_write(&disk, &written, number_of(&disk, 'g'),
                             (struct troth_span){bytes, 1}, 0),
              ENOSPC);
    CHECK_INT(sim_disk_remove(&disk, SIM_DISK_ROOT, "f", false), 0);
    CHECK_INT(disk.room.used, 0);
    CHECK_INT(sim_disk_write(&disk, &written, number_of(&disk, 'g'),
                             (struct troth_span){bytes, 1}, 0),
              0);
    sim_disk_free(&disk);
}

static void fails(void)
{
    struct sim_disk disk;
    const struct sim_disk_new what = {.mode = FILE_MODE};
    uint64_t number;

    test_case("the change at which the power fails is not heard of, and none after it");
    sim_disk_init(&disk, FOLDER_MODE);
    disk.changes_left = 2;
    CHECK_INT(sim_disk_make(&disk, &number, SIM_DISK_ROOT, "f", &what), 0);
    CHECK_INT(sim_disk_sync(&disk, SIM_DISK_ROOT), EIO);
    CHECK_INT(sim_disk_find(&disk, &number, SIM_DISK_ROOT, "f"), EIO);
    CHECK_INT(sim_disk_sync(&disk, SIM_DISK_ROOT), EIO);
    sim_disk_again(&disk, 0);
    CHECK_INT(sim_disk_find(&disk, &number, SIM_DISK_ROOT, "f"), ENOENT);
    disk.is_read_only = true;
    CHECK_INT(sim_disk_make(&disk, &number, SIM_DISK_ROOT, "f", &what), EROFS);
    sim_disk_free(&disk);
}

static void lies(void)
{
    struct sim_disk disk;

    test_case("what it lies about is not kept");
    sim_disk_init(&disk, FOLDER_MODE);
    disk.lies[disk.lie_count++] = strdup("[g-z]");
    for (const char *name = "fg"; *name; name++) {
        make(&disk, *name);
        append(&disk, *name, 2, 'x');
        CHECK_INT(sim_disk_sync(&disk, number_of(&disk, *name)), 0);
    }
    CHECK_INT(sim_disk_sync(&disk, SIM_DISK_ROOT), 0);
    sim_disk_again(&disk, 0);
    CHECK_INT(sim_disk_node(&disk, number_of(&disk, 'f'))->content.size, 2);
    CHECK_INT(sim_disk_node(&disk, number_of(&disk, 'g'))->content.size, 0);
    sim_disk_free(&disk);
}

/* Sectors of 'x' before, 'y' after: each whole, and over many seeds both. */
static void tears(void)
{
    enum { SECTORS = 32 };
    size_t old = 0, new = 0, mixed = 0, gone = 0;

    test_case("a seed keeps sectors of what was not synced, each by itself");
    for (uint64_t seed = 1; seed <= 64; seed++) {
        struct sim_disk disk;
        uint8_t bytes[SECTORS * SIM_DISK_SECTOR];
        size_t ys = 0, written;

        sim_disk_init(&disk, FOLDER_MODE);
        make(&disk, 'f');
        append(&disk, 'f', sizeof bytes, 'x');
        CHECK_INT(sim_disk_sync(&disk, number_of(&disk, 'f')), 0);
        CHECK_INT(sim_disk_sync(&disk, SIM_DISK_ROOT), 0);
        memset(bytes, 'y', sizeof bytes);
        CHECK_INT(sim_disk_write(&disk, &written, number_of(&disk, 'f'),
                                 (struct troth_span){bytes, sizeof bytes}, 0),
                  0);
        make(&disk, 'g');
        sim_disk_again(&disk, seed);
        gone += sim_disk_find(&disk, &(uint64_t){0}, SIM_DISK_ROOT, "g") == ENOENT;
        CHECK_INT(sim_content_read(&sim_disk_node(&disk, number_of(&disk, 'f'))->content,
                                   bytes, sizeof bytes, 0),
                  sizeof bytes);
        for (size_t i = 0; i < SECTORS; i++) {
            const uint8_t *sector = bytes + i * SIM_DISK_SECTOR;

            CHECK(memcmp(sector, sector + 1, SIM_DISK_SECTOR - 1) == 0);
            ys += *sector == 'y';
        }
        old += SECTORS - ys;
        new += ys;
        mixed += ys > 0 && ys < SECTORS;
        sim_disk_free(&disk);
    }
    CHECK(old > 512 && new > 512 && mixed == 64);
    CHECK(gone > 10 && gone < 54);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(lives); i++)
        live(i);
    full();
    fails();
    lies();
    tears();
    return test_finish();
}
