/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/sequence.h"
#include "os/file.h"
#include "test/harness.h"
#include "test/unit/log/log_folder.h"

/* A log of so many entries that are shown, and of others that are not. */
static void make(size_t shown, size_t more)
{
    struct troth_log_writer *writer;

    (void)test_log_fresh();
    writer = test_log_open(0);
    if (shown > 0)
        (void)test_log_append(writer, shown);
    test_log_publish(writer, 0);
    if (more > 0)
        (void)test_log_append(writer, more);
    troth_log_writer_close(writer);
}

static void go_on(size_t count, bool is_shown)
{
    struct troth_log_writer *writer = test_log_open(0);

    if (!writer)
        return;
    (void)test_log_append(writer, count);
    if (is_shown)
        test_log_publish(writer, 0);
    troth_log_writer_close(writer);
}

static void save(void)
{
    static const char *const names[] = {"public", "sequence.db", "sequence.db-wal"};
    char saved[64];

    for (size_t i = 0; i < COUNT(names); i++) {
        (void)snprintf(saved, sizeof saved, "%s.saved", names[i]);
        test_log_copy(names[i], saved);
    }
}

static void restore(const char *name)
{
    char saved[64];

    (void)snprintf(saved, sizeof saved, "%s.saved", name);
    test_log_remove(name);
    test_log_copy(saved, name);
}

static void restore_order(void)
{
    restore("sequence.db");
    restore("sequence.db-wal");
    test_log_remove("sequence.db-shm");
}

static void restore_public(void)
{
    restore("public");
}

static void restore_checkpoint(void)
{
    test_log_remove("public/checkpoint");
    test_log_copy("public.saved/checkpoint", "public/checkpoint");
}

static void restore_both(void)
{
    restore_order();
    restore_checkpoint();
}

static void lose_order(void)
{
    test_log_remove("sequence.db");
    test_log_remove("sequence.db-wal");
    test_log_remove("sequence.db-shm");
}

static void lose_public(void)
{
    test_log_remove("public");
}

static void lose_checkpoint(void)
{
    test_log_remove("public/checkpoint");
}

static void lose_new(void)
{
    test_log_remove("new");
}

/* What a process that was killed may leave there. */
static void litter(void)
{
    CHECK_INT(troth_file_write(test_log_at("new/0"), TROTH_LITERAL("half a ti")), 0);
    CHECK_INT(troth_file_write(test_log_at("new/checkpoint"), TROTH_LITERAL("log.ex")),
              0);
}

static void flip(const char *name)
{
    struct troth_file file;

    CHECK_INT(troth_file_read(&file, test_log_at(name), 1 << 24), 0);
    if (file.len > 0)
        file.bytes[file.len / 2] ^= 1;
    CHECK_INT(
        troth_file_write(test_log_at(name), (struct troth_span){file.bytes, file.len}),
        0);
    troth_file_release(&file);
}

static void flip_edge(void)
{
    flip("public/tile/0/001.p/44");
}

static void flip_note(void)
{
    flip("public/checkpoint");
}

static void cut_edge(void)
{
    CHECK_INT(truncate(test_log_at("public/tile/0/001.p/44"), 31), 0);
}

static void link_tile(void)
{
    test_log_copy("public/tile", "elsewhere");
    test_log_remove("public/tile");
    CHECK_INT(symlink("../elsewhere", test_log_at("public/tile")), 0);
}

static void empty_order(void)
{
    lose_order();
    CHECK_INT(troth_file_write(test_log_at("sequence.db"), TROTH_LITERAL("")), 0);
}

/* 300 are shown when the copies are made; then come `more`, shown or not; then something
 * happens; and then the log is opened. */
static const struct {
    const char *why;
    size_t more;
    bool is_shown;
    void (*happen)(void);
    int wanted;
    const char *words; /* in the problem */
} rows[] = {
    {"nothing", 5, true, NULL, 0, NULL},
    {"what is in the order and not in tiles is signed", 500, false, NULL, 0, NULL},
    {"half-written files are swept away", 5, true, litter, 0, NULL},
    {"the folder for them is made", 5, true, lose_new, 0, NULL},
    {"a checkpoint that fell behind is shown again", 700, true, restore_checkpoint, 0,
     NULL},
    {"a checkpoint that is gone is shown again", 5, true, lose_checkpoint, 0, NULL},
    {"an order from before the last entries: within a tile", 5, true, restore_order,
     EBADMSG, "the order is an older copy"},
    {"an order from before the last entries: a full tile ago", 300, true, restore_order,
     EBADMSG, "the order is an older copy"},
    {"an order from before the last entries: many tiles ago", 3000, true, restore_order,
     EBADMSG, "the order is an older copy"},
    {"an older order, and the checkpoint with it", 300, true, restore_both, EBADMSG,
     "the order is an older copy"},
    {"a public folder from before: the order has forgotten", 700, true, restore_public,
     EBADMSG, "may be an older copy"},
    {"a public folder from before: the order has all of it still", 5, true,
     restore_public, 0, NULL},
    {"a public folder that is gone", 5, true, lose_public, EBADMSG,
     "may be an older copy"},
    {"an order that is gone", 5, true, lose_order, EBADMSG, "their order is gone"},
    {"an order that is empty", 5, true, empty_order, EBADMSG, "empty database"},
    {"a tile with another hash", 0, true, flip_edge, EBADMSG, "do not make the tree"},
    {"a tile that is torn", 0, true, cut_edge, EBADMSG, "cannot read"},
    {"a checkpoint with another byte", 0, true, flip_note, EBADMSG, "not this log's"},
    {"a link to tiles elsewhere", 0, true, link_tile, ENOTDIR, "cannot read"},
};

static void run(size_t i)
{
    struct troth_log_writer *writer;

    make(300, 0);
    save();
    if (rows[i].more > 0)
        go_on(rows[i].more, rows[i].is_shown);
    if (rows[i].happen)
        rows[i].happen();
    writer = test_log_open(rows[i].wanted);
    if (rows[i].words && !CHECK(strstr(test_log_problem()->text, rows[i].words) != NULL))
        printf("# %s\n", test_log_problem()->text);
    if (!writer)
        return;
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), 300 + rows[i].more);
    (void)test_log_append(writer, 3);
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), 303 + rows[i].more);
    troth_log_writer_close(writer);
}

/* A backup of everything but the checkpoint, which went on. */
static void ahead(void)
{
    test_case("a checkpoint that is ahead of the order");
    make(300, 0);
    save();
    go_on(5, true);
    test_log_copy("public/checkpoint", "kept");
    restore_order();
    restore_public();
    test_log_remove("public/checkpoint");
    test_log_copy("kept", "public/checkpoint");
    CHECK(!test_log_open(EBADMSG));
    CHECK(strstr(test_log_problem()->text, "is ahead of the 300 entries") != NULL);
}

static void others(void)
{
    struct troth_log_writer *writer;

    test_case("another key than the one in log.json");
    make(3, 0);
    test_log_config()->public_key[0] ^= 1;
    CHECK(!test_log_open(EBADMSG));

    test_case("a log of another name in the folder");
    make(3, 0);
    test_log_config()->origin = "log.example/two";
    CHECK(!test_log_open(EBADMSG));
    CHECK(strstr(test_log_problem()->text, "is not this log's") != NULL);

    test_case("two writers: the second is told");
    make(3, 0);
    writer = test_log_open(0);
    CHECK(!test_log_open(EBUSY));
    CHECK(strstr(test_log_problem()->text, "another process has the log") != NULL);
    troth_log_writer_close(writer);
    writer = test_log_open(0);
    troth_log_writer_close(writer);

    test_case("a folder that is not there");
    test_log_options()->folder = "/nowhere/at/all";
    CHECK(!test_log_open(ENOENT));
}

int main(void)
{
    test_log_setup();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        run(i);
    }
    ahead();
    others();
    test_log_finish();
    return test_finish();
}
