/* SPDX-License-Identifier: Apache-2.0 */
#include "log/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/unit/log/memory_log.h"
#include "troth/provider.h"

/* Three levels of tiles, each with a partial one. */
enum { LARGEST = 65536 + 700 };

static struct troth_crypto crypto;
static struct memory_log honest, other;

static const uint64_t sizes[] = {1, 2, 255, 256, 257, 511, 512, 4096, 65536, LARGEST};

static struct troth_log_reader *reader_over(struct memory_log *log)
{
    struct troth_log_place place;
    struct troth_log_reader *reader;

    memory_log_place(&place, log);
    log->fault = MEMORY_WELL;
    log->reads = 0;
    if (troth_log_reader_create(&reader, &place, &crypto) != 0)
        abort();
    return reader;
}

/* ---- what is well ---- */

static void check_inclusion(struct troth_log_reader *reader, uint64_t index,
                            uint64_t size)
{
    const struct troth_log_tree tree = memory_log_tree(&honest, size);
    struct troth_log_problem problem = {0};
    struct troth_log_path path;
    struct troth_file entry;

    CHECK_INT(troth_log_reader_inclusion(reader, &problem, &path, index, &tree), 0);
    CHECK_ERR(
        troth_log_check_inclusion(&crypto, index, &honest.levels[0][index], &path, &tree),
        TROTH_OK);
    CHECK_INT(troth_log_reader_entry(reader, &problem, &entry, index, &tree), 0);
    CHECK(entry.bytes != NULL);
    CHECK_SPAN(((struct troth_span){entry.bytes, entry.len}),
               memory_log_entry(&honest, index));
    CHECK_INT(problem.failed, 0);
    troth_file_release(&entry);
}

static void test_inclusion(void)
{
    struct troth_log_reader *reader = reader_over(&honest);

    for (size_t i = 0; i < COUNT(sizes); i++) {
        const uint64_t size = sizes[i];
        const uint64_t indices[] = {0, size / 2, size / 3 * 2, size - 1};

        test_case("inclusion and entries in a tree of %llu", (unsigned long long)size);
        for (size_t k = 0; k < COUNT(indices); k++)
            check_inclusion(reader, indices[k], size);
    }
    troth_log_reader_destroy(reader);
}

static void test_consistency(void)
{
    struct troth_log_reader *reader = reader_over(&honest);
    struct troth_log_problem problem = {0};
    struct troth_log_path path;

    for (size_t i = 0; i < COUNT(sizes); i++) {
        const struct troth_log_tree newer = memory_log_tree(&honest, sizes[i]);
        const struct troth_log_tree empty = memory_log_tree(&honest, 0);

        test_case("consistency with a tree of %llu", (unsigned long long)sizes[i]);
        CHECK_INT(troth_log_reader_consistency(reader, &problem, &path, &empty, &newer),
                  0);
        CHECK_INT(path.count, 0);
        for (size_t k = 0; k <= i; k++) {
            const struct troth_log_tree older = memory_log_tree(&honest, sizes[k]);

            CHECK_INT(
                troth_log_reader_consistency(reader, &problem, &path, &older, &newer), 0);
            CHECK_ERR(troth_log_check_consistency(&crypto, &older, &path, &newer),
                      TROTH_OK);
        }
    }
    troth_log_reader_destroy(reader);
}

static void test_what_is_kept(void)
{
    const struct troth_log_tree tree = memory_log_tree(&honest, LARGEST);
    struct troth_log_reader *reader = reader_over(&honest);
    struct troth_log_problem problem = {0};
    struct troth_log_path path;
    struct troth_file entry;
    int failed = 0;

    test_case("tiles that were read are not read again");
    for (uint64_t i = 1024; i < 1280 && !failed; i++)
        failed = troth_log_reader_inclusion(reader, &problem, &path, i, &tree);
    CHECK_INT(failed, 0);
    CHECK(honest.reads > 0 && honest.reads <= 7);

    test_case("nor is a bundle");
    honest.reads = 0;
    for (uint64_t i = 1024; i < 1280 && !failed; i++) {
        failed = troth_log_reader_entry(reader, &problem, &entry, i, &tree);
        troth_file_release(&entry);
    }
    CHECK_INT(failed, 0);
    CHECK_INT(honest.reads, 1);

    test_case("a tree that has grown: what was a partial tile is read anew");
    check_inclusion(reader, 300, 310);
    check_inclusion(reader, 320, 330);
    check_inclusion(reader, 300, 310);

    test_case("more tiles than are kept");
    for (uint64_t i = 0; i < LARGEST && !failed; i += 256)
        failed = troth_log_reader_inclusion(reader, &problem, &path, i, &tree);
    for (uint64_t i = 0; i < LARGEST && !failed; i += 256)
        failed = troth_log_reader_inclusion(reader, &problem, &path, i, &tree);
    CHECK_INT(failed, 0);
    troth_log_reader_destroy(reader);
}

/* ---- questions that make no sense ---- */

static void test_senseless(void)
{
    struct troth_log_reader *reader = reader_over(&honest);
    struct troth_log_tree older = memory_log_tree(&honest, 300);
    struct troth_log_tree newer = memory_log_tree(&honest, 299);
    struct troth_log_tree huge = {.size = TROTH_TREE_SIZE_MAX + 1};
    struct troth_log_problem problem = {0};
    struct troth_edge *edge = calloc(1, sizeof *edge);
    struct troth_log_path path;
    struct troth_file entry;

    test_case("an index beyond the tree");
    CHECK_INT(troth_log_reader_inclusion(reader, &problem, &path, 299, &newer), EINVAL);
    CHECK_INT(path.count, 0);
    CHECK_INT(troth_log_reader_entry(reader, &problem, &entry, 299, &newer), EINVAL);
    CHECK(!entry.bytes);
    CHECK_INT(problem.failed, EINVAL);
    CHECK(problem.text[0] != '\0');

    test_case("a tree beyond reason");
    CHECK_INT(troth_log_reader_inclusion(reader, &problem, &path, 0, &huge), EINVAL);
    CHECK_INT(troth_log_reader_entry(reader, &problem, &entry, 0, &huge), EINVAL);
    CHECK_INT(troth_log_reader_consistency(reader, &problem, &path, &newer, &huge),
              EINVAL);
    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &huge, NULL, NULL), EINVAL);

    test_case("a log that shrinks");
    CHECK_INT(troth_log_reader_consistency(reader, &problem, &path, &older, &newer),
              EINVAL);
    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &older, NULL, NULL), 0);
    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &newer, NULL, NULL), EINVAL);
    CHECK_INT(edge->size, 300);
    CHECK_INT(honest.reads, 2);
    free(edge);
    troth_log_reader_destroy(reader);
}

/* ---- the whole log ---- */

struct listener {
    uint64_t next; /* the index that has to come */
    uint64_t stop; /* and the one at which it is enough */
    bool is_wrong;
};

static int listen_to(void *state, uint64_t index, struct troth_span entry)
{
    struct listener *listener = state;
    const struct troth_span wanted = memory_log_entry(&honest, index);

    if (index == listener->stop)
        return EINTR;
    if (index != listener->next++ || entry.len != wanted.len ||
        (entry.len > 0 && memcmp(entry.ptr, wanted.ptr, entry.len) != 0))
        listener->is_wrong = true;
    return 0;
}

static void test_walk(void)
{
    struct troth_log_reader *reader = reader_over(&honest);
    struct troth_edge *edge = calloc(1, sizeof *edge);
    struct listener listener = {0, UINT64_MAX, false};
    struct troth_log_problem problem = {0};
    struct troth_log_tree tree = memory_log_tree(&honest, 0);
    static const uint64_t steps[] = {1, 1, 255, 300, 512, 513, 40000, LARGEST};

    test_case("an empty log");
    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &tree, listen_to, &listener),
              0);
    for (size_t i = 0; i < COUNT(steps); i++) {
        test_case("from %llu entries to %llu", (unsigned long long)edge->size,
                  (unsigned long long)steps[i]);
        tree = memory_log_tree(&honest, steps[i]);
        CHECK_INT(
            troth_log_reader_walk(reader, &problem, edge, &tree, listen_to, &listener),
            0);
        CHECK_INT(listener.next, steps[i]);
        CHECK_INT(edge->size, steps[i]);
        CHECK(!listener.is_wrong);
    }
    test_case("each bundle is asked for as often as it has grown, and no tile is");
    CHECK_INT(honest.reads, 259 + 5);

    test_case("another log's root at the same size");
    tree = memory_log_tree(&other, LARGEST);
    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &tree, NULL, NULL), EBADMSG);
    CHECK_INT(edge->size, LARGEST);
    free(edge);
    troth_log_reader_destroy(reader);
}

static void test_walk_that_ends(void)
{
    struct troth_log_reader *reader = reader_over(&honest);
    struct troth_edge *edge = calloc(1, sizeof *edge);
    struct troth_edge *before = calloc(1, sizeof *before);
    struct listener listener = {0, 700, false};
    struct troth_log_problem problem = {0};
    struct troth_log_tree tree = memory_log_tree(&honest, 300);

    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &tree, listen_to, &listener),
              0);
    memcpy(before, edge, sizeof *edge);

    test_case("who listens has had enough: the edge stays");
    tree = memory_log_tree(&honest, 2000);
    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &tree, listen_to, &listener),
              EINTR);
    CHECK_INT(listener.next, 700);
    CHECK(memcmp(before, edge, sizeof *edge) == 0);

    test_case("the last bundle is missing: the edge stays, and later goes on");
    honest.fault = MEMORY_MISSING;
    honest.broken = (struct troth_tile){.has_entries = true, .index = 7};
    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &tree, NULL, NULL), ENOENT);
    CHECK(strstr(problem.text, "tile/entries/007.p/208") != NULL);
    CHECK(memcmp(before, edge, sizeof *edge) == 0);
    honest.fault = MEMORY_WELL;
    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &tree, NULL, NULL), 0);
    CHECK_INT(edge->size, 2000);

    test_case("the log has another beginning than the edge");
    tree = memory_log_tree(&other, 2600);
    CHECK_INT(troth_log_reader_walk(reader, &problem, before, &tree, NULL, NULL),
              EBADMSG);
    CHECK_INT(before->size, 300);
    free(before);
    free(edge);
    troth_log_reader_destroy(reader);
}

/* ---- planted faults: each is seen, and forgotten once it is gone ---- */

enum asked { INCLUSION, CONSISTENCY, ENTRY, WALK };

static int ask(struct troth_log_reader *reader, struct troth_log_problem *problem,
               enum asked asked)
{
    const struct troth_log_tree older = memory_log_tree(&honest, 66000);
    const struct troth_log_tree newer = memory_log_tree(&honest, LARGEST);
    struct troth_edge *edge = calloc(1, sizeof *edge);
    struct troth_log_path path = {.count = 0};
    struct troth_file entry = {NULL, 0};
    int failed = 0;

    if (!edge)
        abort();
    switch (asked) {
    case INCLUSION:
        failed = troth_log_reader_inclusion(reader, problem, &path, 600, &newer);
        break;
    case CONSISTENCY:
        failed = troth_log_reader_consistency(reader, problem, &path, &older, &newer);
        break;
    case ENTRY:
        failed = troth_log_reader_entry(reader, problem, &entry, 600, &newer);
        break;
    case WALK:
        failed = troth_log_reader_walk(reader, problem, edge, &newer, NULL, NULL);
        CHECK_INT(edge->size, failed ? 0 : LARGEST);
        break;
    }
    if (failed)
        CHECK(path.count == 0 && !entry.bytes && entry.len == 0);
    troth_file_release(&entry);
    free(edge);
    return failed;
}

/* clang-format off */
static const struct {
    const char *why;
    enum asked asked;
    enum memory_fault fault;
    struct troth_tile broken;
    int wanted;
} faults[] = {
    {"a bit beside the leaf",      INCLUSION, MEMORY_FLIPPED, {.level = 0, .index = 2}, EBADMSG},
    {"a bit above it",             INCLUSION, MEMORY_FLIPPED, {.level = 1, .index = 0}, EBADMSG},
    {"a bit at the right edge",    INCLUSION, MEMORY_FLIPPED, {.level = 0, .index = 258}, EBADMSG},
    {"its neighbour's tile",       INCLUSION, MEMORY_SWAPPED, {.level = 0, .index = 2}, EBADMSG},
    {"a tile that is short",       INCLUSION, MEMORY_SHORT,   {.level = 0, .index = 2}, EBADMSG},
    {"a tile with a hash less",    INCLUSION, MEMORY_FEWER,   {.level = 0, .index = 2}, EBADMSG},
    {"a tile that is long",        INCLUSION, MEMORY_LONG,    {.level = 0, .index = 2}, EBADMSG},
    {"no tile",                    INCLUSION, MEMORY_MISSING, {.level = 0, .index = 2}, ENOENT},
    {"a disk that fails",          INCLUSION, MEMORY_FAILING, {.level = 1, .index = 0}, EIO},
    {"a bundle does not matter",   INCLUSION, MEMORY_MISSING, {.has_entries = true, .index = 2}, 0},

    {"a bit in the newer tree",    CONSISTENCY, MEMORY_FLIPPED, {.level = 0, .index = 258}, EBADMSG},
    {"a bit in the older tree",    CONSISTENCY, MEMORY_FLIPPED, {.level = 0, .index = 257}, EBADMSG},
    {"a bit in both",              CONSISTENCY, MEMORY_FLIPPED, {.level = 2, .index = 0}, EBADMSG},
    {"a short tile",               CONSISTENCY, MEMORY_SHORT,   {.level = 0, .index = 258}, EBADMSG},
    {"a long tile",                CONSISTENCY, MEMORY_LONG,    {.level = 2, .index = 0}, EBADMSG},
    {"no tile",                    CONSISTENCY, MEMORY_MISSING, {.level = 0, .index = 258}, ENOENT},
    {"a disk that fails",          CONSISTENCY, MEMORY_FAILING, {.level = 0, .index = 258}, EIO},

    {"a bit of the entries",       ENTRY, MEMORY_FLIPPED, {.has_entries = true, .index = 2}, EBADMSG},
    {"its neighbour's bundle",     ENTRY, MEMORY_SWAPPED, {.has_entries = true, .index = 2}, EBADMSG},
    {"a bundle that is short",     ENTRY, MEMORY_SHORT,   {.has_entries = true, .index = 2}, EBADMSG},
    {"an entry less",              ENTRY, MEMORY_FEWER,   {.has_entries = true, .index = 2}, EBADMSG},
    {"a bundle that is long",      ENTRY, MEMORY_LONG,    {.has_entries = true, .index = 2}, EBADMSG},
    {"no bundle",                  ENTRY, MEMORY_MISSING, {.has_entries = true, .index = 2}, ENOENT},
    {"a disk that fails",          ENTRY, MEMORY_FAILING, {.has_entries = true, .index = 2}, EIO},
    {"a bit of the tile",          ENTRY, MEMORY_FLIPPED, {.level = 0, .index = 2}, EBADMSG},
    {"no tile",                    ENTRY, MEMORY_MISSING, {.level = 0, .index = 2}, ENOENT},

    {"a bit of an early bundle",   WALK, MEMORY_FLIPPED, {.has_entries = true, .index = 3}, EBADMSG},
    {"a bit of the last bundle",   WALK, MEMORY_FLIPPED, {.has_entries = true, .index = 258}, EBADMSG},
    {"bundles swapped",            WALK, MEMORY_SWAPPED, {.has_entries = true, .index = 100}, EBADMSG},
    {"a short bundle",             WALK, MEMORY_SHORT,   {.has_entries = true, .index = 100}, EBADMSG},
    {"an entry less",              WALK, MEMORY_FEWER,   {.has_entries = true, .index = 100}, EBADMSG},
    {"a long bundle",              WALK, MEMORY_LONG,    {.has_entries = true, .index = 258}, EBADMSG},
    {"no bundle",                  WALK, MEMORY_MISSING, {.has_entries = true, .index = 100}, ENOENT},
    {"a disk that fails",          WALK, MEMORY_FAILING, {.has_entries = true, .index = 100}, EIO},
};
/* clang-format on */

static void test_faults(void)
{
    static const char *const names[] = {"inclusion", "consistency", "entry", "walk"};

    for (size_t i = 0; i < COUNT(faults); i++) {
        struct troth_log_reader *reader = reader_over(&honest);
        struct troth_log_problem problem = {0};

        test_case("%s: %s", names[faults[i].asked], faults[i].why);
        honest.fault = faults[i].fault;
        honest.broken = faults[i].broken;
        CHECK_INT(ask(reader, &problem, faults[i].asked), faults[i].wanted);
        CHECK_INT(problem.failed, faults[i].wanted);
        CHECK_INT(problem.text[0] != '\0', faults[i].wanted != 0);
        if (faults[i].fault == MEMORY_FAILING)
            CHECK_TEXT(problem.text, "the disk is on fire");
        honest.fault = MEMORY_WELL;
        CHECK_INT(ask(reader, &problem, faults[i].asked), 0);
        troth_log_reader_destroy(reader);
    }
}

static void test_another_log(void)
{
    struct troth_log_reader *reader = reader_over(&honest);
    const struct troth_log_tree older = memory_log_tree(&other, 300);
    const struct troth_log_tree begun = memory_log_tree(&honest, 300);
    const struct troth_log_tree newer = memory_log_tree(&honest, 700);
    const struct troth_log_tree wrong = memory_log_tree(&other, 700);
    struct troth_log_problem problem = {0};
    struct troth_log_path path;

    test_case("an older tree of another log: the problem says whose fault it is");
    CHECK_INT(troth_log_reader_consistency(reader, &problem, &path, &older, &newer),
              EBADMSG);
    CHECK(strstr(problem.text, "not the beginning of the newer") != NULL);
    CHECK_INT(path.count, 0);

    test_case("a newer tree of another log");
    CHECK_INT(troth_log_reader_consistency(reader, &problem, &path, &older, &wrong),
              EBADMSG);
    CHECK(strstr(problem.text, "do not make the root") != NULL);

    test_case("a tile that only the older tree needs is broken: no log is accused of it");
    troth_log_reader_destroy(reader);
    reader = reader_over(&honest);
    honest.fault = MEMORY_FLIPPED;
    honest.broken = (struct troth_tile){.level = 0, .index = 1};
    CHECK_INT(troth_log_reader_consistency(reader, &problem, &path, &begun, &newer),
              EBADMSG);
    CHECK(strstr(problem.text, "do not make the root") != NULL);
    CHECK_INT(path.count, 0);
    honest.fault = MEMORY_WELL;
    CHECK_INT(troth_log_reader_consistency(reader, &problem, &path, &begun, &newer), 0);

    test_case("two roots of one size");
    CHECK_INT(troth_log_reader_consistency(reader, &problem, &path, &newer, &wrong),
              EBADMSG);

    test_case("an empty tree whose root is something");
    CHECK_INT(troth_log_reader_consistency(
                  reader, &problem, &path,
                  &(struct troth_log_tree){.size = 0, .root = newer.root}, &newer),
              EBADMSG);
    troth_log_reader_destroy(reader);
}

/* The n-th call of the library fails, for every n. */
static void test_failing_crypto(void)
{
    for (enum asked asked = INCLUSION; asked <= ENTRY; asked++) {
        struct failing_crypto failing = {.calls = 0};
        unsigned calls = 1;

        test_case("whatever the library fails at, %d", (int)asked);
        for (unsigned n = 0; n <= calls; n += n < 40 ? 1 : 37) {
            struct troth_crypto broken = failing_crypto_over(&failing, &crypto, n);
            struct troth_log_problem problem = {0};
            struct troth_log_reader *reader;
            struct troth_log_place place;

            memory_log_place(&place, &honest);
            CHECK_INT(troth_log_reader_create(&reader, &place, &broken), 0);
            CHECK_INT(ask(reader, &problem, asked), n ? EIO : 0);
            calls = n ? calls : failing.calls;
            troth_log_reader_destroy(reader);
        }
        CHECK(calls > 20);
    }
}

/* ---- a folder ---- */

static void put_file(const char *folder, const char *name, struct troth_span bytes)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0755);
        *slash = '/';
    }
    CHECK_INT(troth_file_write(path, bytes), 0);
}

static void put_tile(const char *folder, struct troth_tile tile)
{
    char path[TROTH_TILE_PATH_ROOM], name[128];
    struct troth_file piece;

    if (!memory_log_piece(&piece, &honest, &tile))
        abort();
    troth_tile_path(path, &tile);
    (void)snprintf(name, sizeof name, "public/%s", path);
    put_file(folder, name, (struct troth_span){piece.bytes, piece.len});
    troth_file_release(&piece);
}

/* The pieces of a tree of 600, as a log writes them. */
static void put_pieces(const char *folder)
{
    for (uint64_t i = 0; i < 3; i++) {
        const unsigned width = troth_tile_width(0, i, 600);

        put_tile(folder, (struct troth_tile){.index = i, .width = width});
        put_tile(folder, (struct troth_tile){true, 0, i, width});
    }
    put_tile(folder, (struct troth_tile){.level = 1, .width = 2});
}

static void test_folder(void)
{
    char folder[] = "/tmp/troth-reader-XXXXXX", remove[64];
    const struct troth_log_tree tree = memory_log_tree(&honest, 600);
    const struct troth_log_tree newer = memory_log_tree(&honest, 601);
    struct troth_edge *edge = calloc(1, sizeof *edge);
    struct troth_log_problem problem = {0};
    struct troth_log_reader *reader;
    struct troth_log_place place;
    struct troth_log_path path;
    struct troth_file file;

    if (!mkdtemp(folder))
        abort();
    put_pieces(folder);
    troth_log_place_folder(&place, folder);
    CHECK_INT(troth_log_reader_create(&reader, &place, &crypto), 0);

    test_case("a folder's proofs and entries");
    CHECK_INT(troth_log_reader_inclusion(reader, &problem, &path, 599, &tree), 0);
    CHECK_INT(troth_log_reader_entry(reader, &problem, &file, 3, &tree), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}), memory_log_entry(&honest, 3));
    troth_file_release(&file);
    CHECK_INT(troth_log_reader_walk(reader, &problem, edge, &tree, NULL, NULL), 0);

    test_case("a tree that is not there yet");
    CHECK_INT(troth_log_reader_inclusion(reader, &problem, &path, 600, &newer), ENOENT);
    CHECK_INT(problem.failed, ENOENT);

    test_case("a checkpoint");
    CHECK_INT(place.checkpoint(place.state, &problem, &file), ENOENT);
    put_file(folder, "public/checkpoint", TROTH_LITERAL("a note"));
    CHECK_INT(place.checkpoint(place.state, &problem, &file), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}), TROTH_LITERAL("a note"));
    troth_file_release(&file);

    troth_log_reader_destroy(reader);
    free(edge);
    (void)snprintf(remove, sizeof remove, "rm -r '%s'", folder);
    CHECK_INT(system(remove), 0); /* NOLINT: a folder of this test's */
}

int main(void)
{
    if (troth_provider_create(&crypto))
        return 2;
    memory_log_make(&honest, &crypto, LARGEST, 1);
    memory_log_make(&other, &crypto, LARGEST, 2);
    test_inclusion();
    test_consistency();
    test_what_is_kept();
    test_senseless();
    test_walk();
    test_walk_that_ends();
    test_faults();
    test_another_log();
    test_failing_crypto();
    test_folder();
    troth_log_reader_destroy(NULL);
    memory_log_release(&other);
    memory_log_release(&honest);
    troth_provider_destroy(&crypto);
    return test_finish();
}
