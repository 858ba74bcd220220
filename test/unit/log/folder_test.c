/* SPDX-License-Identifier: Apache-2.0 */
#include "log/folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "test/harness.h"
#include "test/unit/log/log_folder.h"

static struct troth_log_problem problem;
static uint8_t hashes[TROTH_TILE_SIZE];

static struct troth_span first_hashes(unsigned width)
{
    return (struct troth_span){hashes, (size_t)width * TROTH_LOG_HASH_SIZE};
}

static struct troth_log_batch *open_batch(const char *folder)
{
    struct troth_log_batch *batch;

    CHECK_INT(troth_log_batch_open(&batch, &problem, folder), 0);
    return batch;
}

static bool is_there(const char *name)
{
    return access(test_log_at(name), F_OK) == 0;
}

static void batches(void)
{
    const char *folder = test_log_fresh();
    struct troth_log_batch *batch = open_batch(folder);
    struct troth_tile tile = {false, 0, 1234067, TROTH_TILE_WIDTH};

    test_case("a file has its name once the batch is finished");
    CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(256)), 0);
    CHECK(!is_there("public/tile/0/x001/x234/067"));
    CHECK_INT(troth_log_batch_finish(batch, &problem), 0);
    CHECK(is_there("public/tile/0/x001/x234/067"));
    CHECK(!is_there("new/0"));

    test_case("the same once more is the same");
    CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(256)), 0);
    CHECK_INT(troth_log_batch_finish(batch, &problem), 0);

    test_case("anything else is not written over what is there");
    hashes[0] ^= 1;
    CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(256)), EBADMSG);
    CHECK(strstr(problem.text, "holds something else") != NULL);
    CHECK(strstr(problem.text, "tile/0/x001/x234/067") != NULL);
    CHECK_INT(troth_log_batch_finish(batch, &problem), 0);
    hashes[0] ^= 1;

    test_case("more files than may be open at once");
    for (tile.index = 0; tile.index < 1000; tile.index++)
        CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(256)), 0);
    CHECK_INT(troth_log_batch_finish(batch, &problem), 0);
    CHECK(is_there("public/tile/0/000") && is_there("public/tile/0/999"));

    test_case("what was dropped, or never finished, leaves nothing");
    tile.index = 5000;
    CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(256)), 0);
    CHECK(is_there("new/0"));
    troth_log_batch_drop(batch);
    CHECK(!is_there("new/0"));
    CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(256)), 0);
    troth_log_batch_close(batch);
    CHECK(!is_there("new/0"));
    CHECK(!is_there("public/tile/0/x005/000"));
    troth_log_batch_close(NULL);
}

static void links(void)
{
    const char *folder = test_log_fresh();
    struct troth_log_batch *batch = open_batch(folder);
    struct troth_tile tile = {false, 0, 0, TROTH_TILE_WIDTH};
    struct troth_file file;

    test_case("no link is followed, nor written over");
    CHECK_INT(mkdir(test_log_at("outside"), 0700), 0);
    CHECK_INT(symlink("../outside", test_log_at("public/tile")), 0);
    CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(256)), ENOTDIR);
    CHECK_INT(unlink(test_log_at("public/tile")), 0);
    CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(256)), 0);
    CHECK_INT(troth_log_batch_finish(batch, &problem), 0);
    CHECK_INT(rename(test_log_at("public/tile/0/000"), test_log_at("outside/000")), 0);
    CHECK_INT(symlink("../../../outside/000", test_log_at("public/tile/0/000")), 0);
    CHECK_INT(troth_log_tile_read(&file, &problem, folder, &tile), ELOOP);
    CHECK(!file.bytes);
    CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(256)), ELOOP);
    CHECK_INT(symlink("../outside/000", test_log_at("public/checkpoint")), 0);
    CHECK_INT(troth_log_checkpoint_read(&file, &problem, folder), ELOOP);

    test_case("what is no file is not read, nor waited for");
    CHECK_INT(unlink(test_log_at("public/tile/0/000")), 0);
    CHECK_INT(mkfifo(test_log_at("public/tile/0/000"), 0600), 0);
    CHECK_INT(troth_log_tile_read(&file, &problem, folder, &tile), EINVAL);
    troth_log_batch_close(batch);
}

static void reading(void)
{
    static const uint8_t bundle[] = {0, 1, 'a', 0, 0, 0, 2, 'b', 'c'};
    const char *folder = test_log_fresh();
    struct troth_log_batch *batch = open_batch(folder);
    struct troth_tile full = {false, 1, 3, TROTH_TILE_WIDTH};
    struct troth_tile partial = {false, 1, 3, 5};
    struct troth_tile entries = {true, 0, 3, 3};
    struct troth_file file;

    test_case("a tile that is not there");
    CHECK_INT(troth_log_tile_read(&file, &problem, folder, &partial), ENOENT);
    CHECK(strstr(problem.text, "public/tile/1/003") != NULL);
    CHECK_INT(troth_log_checkpoint_read(&file, &problem, folder), ENOENT);

    test_case("instead of a partial tile the beginning of the full one");
    CHECK_INT(troth_log_batch_put(batch, &problem, &full, first_hashes(256)), 0);
    CHECK_INT(troth_log_batch_put(batch, &problem, &entries,
                                  (struct troth_span)TROTH_ARRAY_SPAN(bundle)),
              0);
    CHECK_INT(troth_log_batch_finish(batch, &problem), 0);
    CHECK_INT(troth_log_tile_read(&file, &problem, folder, &partial), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}), first_hashes(5));
    troth_file_release(&file);

    test_case("entries of a bundle, as many as are asked for");
    CHECK_INT(troth_log_tile_read(&file, &problem, folder, &entries), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}),
               ((struct troth_span)TROTH_ARRAY_SPAN(bundle)));
    troth_file_release(&file);
    CHECK_INT(rename(test_log_at("public/tile/entries/003.p/3"),
                     test_log_at("public/tile/entries/003")),
              0);
    entries.width = 2;
    CHECK_INT(troth_log_tile_read(&file, &problem, folder, &entries), 0);
    CHECK_INT(file.len, 5);
    troth_file_release(&file);
    entries.width = 4;
    CHECK_INT(troth_log_tile_read(&file, &problem, folder, &entries), EBADMSG);

    test_case("of another length than its width says");
    CHECK_INT(truncate(test_log_at("public/tile/1/003"), 256 * 32 - 1), 0);
    CHECK_INT(troth_log_tile_read(&file, &problem, folder, &full), EBADMSG);
    CHECK_INT(truncate(test_log_at("public/tile/1/003"), 256 * 32 + 1), 0);
    CHECK_INT(troth_log_tile_read(&file, &problem, folder, &full), EBADMSG);
    troth_log_batch_close(batch);
}

static void partials(void)
{
    static const struct {
        uint64_t from, size;
        const char *gone, *left;
    } rows[] = {{5, 255, NULL, "public/tile/0/000.p/5"},
                {5, 256, "public/tile/0/000.p", NULL},
                {5, 9000, "public/tile/0/000.p", NULL}};

    test_case("partial tiles go when the full one is there");
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *folder = test_log_fresh();
        struct troth_log_batch *batch = open_batch(folder);
        const struct troth_tile tile = {false, 0, 0, 5};

        CHECK_INT(troth_log_batch_put(batch, &problem, &tile, first_hashes(5)), 0);
        CHECK_INT(troth_log_batch_finish(batch, &problem), 0);
        CHECK_INT(troth_log_partials_remove(&problem, folder, rows[i].from, rows[i].size),
                  0);
        CHECK(!rows[i].gone || !is_there(rows[i].gone));
        CHECK(!rows[i].left || is_there(rows[i].left));
        troth_log_batch_close(batch);
    }
}

static void checkpoints(void)
{
    const char *folder = test_log_fresh();
    struct troth_file file;

    test_case("a checkpoint takes the place of the one before");
    CHECK_INT(troth_log_checkpoint_put(&problem, folder, TROTH_LITERAL("one\n")), 0);
    CHECK_INT(troth_file_write(test_log_at("new/checkpoint"), TROTH_LITERAL("half")), 0);
    CHECK_INT(troth_log_checkpoint_put(&problem, folder, TROTH_LITERAL("two\n")), 0);
    CHECK_INT(troth_log_checkpoint_read(&file, &problem, folder), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}), TROTH_LITERAL("two\n"));
    troth_file_release(&file);
    CHECK(!is_there("new/checkpoint"));

    test_case("a folder that is not there");
    CHECK_INT(troth_log_checkpoint_put(&problem, "/nowhere/at/all", TROTH_LITERAL("x")),
              ENOENT);
    CHECK(strstr(problem.text, "/nowhere/at/all/public/checkpoint") != NULL);
}

static void paths(void)
{
    static char name[TROTH_LOG_PATH_ROOM];
    char path[TROTH_LOG_PATH_ROOM];

    test_case("paths");
    CHECK_INT(troth_log_path(path, "/var/log", "lock"), 0);
    CHECK_TEXT(path, "/var/log/lock");
    memset(name, 'a', sizeof name - 1);
    CHECK_INT(troth_log_path(path, "/", name), ENAMETOOLONG);
}

int main(void)
{
    for (size_t i = 0; i < sizeof hashes; i++)
        hashes[i] = (uint8_t)(i * 31);
    test_log_setup();
    paths();
    batches();
    links();
    reading();
    partials();
    checkpoints();
    test_log_finish();
    return test_finish();
}
