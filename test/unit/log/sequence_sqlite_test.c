/* SPDX-License-Identifier: Apache-2.0 */
#include "log/sequence_sqlite.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/log/log_folder.h"

/* What is particular to a database file; the rest is test/contract/sequence_test.c. */

static struct troth_log_problem problem;

static struct troth_sequence *open_here(int wanted, bool create, bool is_reader)
{
    struct troth_sequence *sequence;

    problem = (struct troth_log_problem){0};
    if (!CHECK_INT(troth_sequence_open_sqlite(&sequence, &problem,
                                              test_log_at("sequence.db"), create,
                                              is_reader),
                   wanted))
        printf("# %s\n", problem.text);
    CHECK((sequence != NULL) == (wanted == 0));
    return sequence;
}

static void make(const char *statements)
{
    sqlite3 *db;

    (void)test_log_fresh();
    CHECK_INT(sqlite3_open(test_log_at("sequence.db"), &db), SQLITE_OK);
    CHECK_INT(sqlite3_exec(db, statements, NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
}

static void write_bytes(const char *name, struct troth_span bytes)
{
    FILE *file = fopen(test_log_at(name), "wb");

    CHECK(file && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len);
    if (file)
        (void)fclose(file);
}

static void foreign(void)
{
    static const struct {
        const char *why, *statements, *words;
    } rows[] = {
        {"another program's database", "CREATE TABLE t(x);", "another program's"},
        {"another program's, and it says so",
         "PRAGMA application_id=77;"
         "CREATE TABLE t(x);",
         "another program's"},
        {"a later version's",
         "PRAGMA application_id=0x74724c67; PRAGMA user_version=2;"
         "CREATE TABLE t(x);",
         "another version"},
        {"a schema that is not all there",
         "PRAGMA application_id=0x74724c67; PRAGMA user_version=1; CREATE TABLE t(x);",
         "no such table"},
        {"a state that is gone",
         "PRAGMA application_id=0x74724c67; PRAGMA user_version=1;"
         "CREATE TABLE pending(idx INTEGER PRIMARY KEY, entry BLOB);"
         "CREATE TABLE sealed(idx INTEGER PRIMARY KEY, bytes BLOB);"
         "CREATE TABLE state(forgotten, signed_at, checkpoint);",
         "has no state"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        make(rows[i].statements);
        (void)open_here(EBADMSG, true, false);
        if (!CHECK(strstr(problem.text, rows[i].words) != NULL))
            printf("# %s\n", problem.text);
        if (i < 4)
            (void)open_here(EBADMSG, false, true);
    }
    test_case("no database at all");
    (void)test_log_fresh();
    write_bytes("sequence.db", TROTH_LITERAL("this is a text, and not a short one......."
                                             "........................................"
                                             "........................................"));
    (void)open_here(EBADMSG, true, false);
    CHECK(strstr(problem.text, "not a database") != NULL);
    (void)open_here(EBADMSG, true, true);

    test_case("nothing, and nothing is made unless it is asked for");
    (void)test_log_fresh();
    (void)open_here(ENOENT, false, false);
    (void)open_here(ENOENT, true, true);
    CHECK(access(test_log_at("sequence.db"), F_OK) != 0);
}

static void damaged(void)
{
    struct troth_sequence *sequence;
    struct troth_log_item items[200];
    uint64_t first;
    FILE *file;

    test_case("a database that is damaged");
    (void)test_log_fresh();
    sequence = open_here(0, true, false);
    for (size_t i = 0; i < COUNT(items); i++)
        items[i] = (struct troth_log_item){TROTH_LITERAL("an entry"), {NULL, 0}};
    CHECK_INT(sequence->ops->append(sequence, &problem, &first, items, COUNT(items)), 0);
    sequence->ops->close(sequence);
    (void)unlink(test_log_at("sequence.db-wal"));
    file = fopen(test_log_at("sequence.db"), "r+b");
    for (long page = 1; page < 6 && file; page++) {
        (void)fseek(file, page * TROTH_SQLITE_PAGE_SIZE, SEEK_SET);
        (void)fwrite("damage.damage.damage.damage", 1, 27, file);
    }
    if (file)
        (void)fclose(file);
    (void)open_here(EBADMSG, false, false);
    CHECK(strstr(problem.text, "malformed") != NULL);
}

static void together(void)
{
    struct troth_sequence *writer, *reader;
    struct troth_sequence_state state;
    const struct troth_log_item item = {TROTH_LITERAL("an entry"),
                                        TROTH_LITERAL("a sealed value")};
    struct troth_file file;
    struct stat about;
    uint64_t first;

    test_case("one writes, and a second is told");
    (void)test_log_fresh();
    writer = open_here(0, true, false);
    (void)open_here(EBUSY, false, false);
    CHECK(strstr(problem.text, "another process has the log") != NULL);

    test_case("only its owner may read it");
    CHECK_INT(stat(test_log_at("sequence.db"), &about), 0);
    CHECK_INT(about.st_mode & 0777, 0600);

    test_case("one that reads sees what was appended while it is open, and writes not");
    reader = open_here(0, false, true);
    for (uint64_t i = 0; i < 5; i++) {
        CHECK_INT(writer->ops->append(writer, &problem, &first, &item, 1), 0);
        CHECK_INT(reader->ops->state(reader, &problem, &state), 0);
        CHECK_INT(state.next, i + 1);
        CHECK_INT(reader->ops->sealed(reader, &problem, i, &file), 0);
        CHECK_SPAN(((struct troth_span){file.bytes, file.len}), item.sealed);
        troth_file_release(&file);
    }
    CHECK_INT(reader->ops->append(reader, &problem, &first, &item, 1), EROFS);
    CHECK_INT(reader->ops->sign(reader, &problem, 1, item.entry), EROFS);
    CHECK_INT(reader->ops->forget(reader, &problem, 1), EROFS);
    CHECK_INT(reader->ops->lead(reader, &problem), EROFS);
    reader->ops->close(reader);
    writer->ops->close(writer);

    test_case("and one that reads alone");
    reader = open_here(0, false, true);
    CHECK_INT(reader->ops->sealed(reader, &problem, 4, &file), 0);
    troth_file_release(&file);
    reader->ops->close(reader);
    writer = open_here(0, false, false);
    writer->ops->close(writer);
}

/* What a day of appends leaves is no larger than an hour's. */
static void bounded(void)
{
    static uint8_t large[4000];
    struct troth_sequence *sequence;
    const struct troth_log_item item = {TROTH_ARRAY_SPAN(large), {NULL, 0}};
    struct stat log, all;
    uint64_t first = 0;

    test_case("the files do not grow with what was forgotten");
    (void)test_log_fresh();
    sequence = open_here(0, true, false);
    for (int i = 0; i < 3000; i++) {
        if (!CHECK_INT(sequence->ops->append(sequence, &problem, &first, &item, 1), 0))
            break;
        if (i % 100 == 99)
            CHECK_INT(sequence->ops->forget(sequence, &problem, first + 1), 0);
    }
    CHECK_INT(stat(test_log_at("sequence.db-wal"), &log), 0);
    CHECK_INT(stat(test_log_at("sequence.db"), &all), 0);
    CHECK(log.st_size < (off_t)4 * 1024 * 1024);
    CHECK(all.st_size < (off_t)4 * 1024 * 1024);
    sequence->ops->close(sequence);
}

/* Commits that succeed yet; then each fails. */
static int commits_left = INT_MAX;

static int on_commit(void *unused)
{
    (void)unused;
    return commits_left-- <= 0;
}

static int hook(sqlite3 *db, const char **unused, const struct sqlite3_api_routines *api)
{
    (void)unused;
    (void)api;
    (void)sqlite3_commit_hook(db, on_commit, NULL);
    return SQLITE_OK;
}

/* The last entry may go before all is said: the next one has its own index even so. */
static void forgotten_by_halves(void)
{
    static struct troth_log_item items[2048];
    struct troth_sequence_state state;
    struct troth_sequence *sequence;
    uint64_t first = 0;

    test_case("what is forgotten by halves leaves no order that is shorter");
    (void)test_log_fresh();
    (void)sqlite3_auto_extension((void (*)(void))hook);
    sequence = open_here(0, true, false);
    for (size_t i = 0; i < COUNT(items); i++)
        items[i] = (struct troth_log_item){TROTH_LITERAL("an entry"), {NULL, 0}};
    CHECK_INT(sequence->ops->append(sequence, &problem, &first, items, COUNT(items)), 0);
    CHECK_INT(sequence->ops->sign(sequence, &problem, COUNT(items), items[0].entry), 0);
    commits_left = 2;
    CHECK(sequence->ops->forget(sequence, &problem, COUNT(items)) != 0);
    commits_left = INT_MAX;
    CHECK_INT(sequence->ops->state(sequence, &problem, &state), 0);
    CHECK_INT(state.next, COUNT(items));
    sequence->ops->close(sequence);
    sequence = open_here(0, true, false);
    CHECK_INT(sequence->ops->append(sequence, &problem, &first, items, 1), 0);
    CHECK_INT(first, COUNT(items));
    sequence->ops->close(sequence);
    (void)sqlite3_cancel_auto_extension((void (*)(void))hook);
}

int main(void)
{
    test_log_setup();
    foreign();
    damaged();
    together();
    bounded();
    forgotten_by_halves();
    test_log_finish();
    return test_finish();
}
