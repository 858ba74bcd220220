/* What a witness must never forget, and never take back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "log/witness_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/file.h"
#include "test/harness.h"

static char folder[] = "/tmp/troth-witness-XXXXXX";

static struct troth_witness_store *open_store(void)
{
    struct troth_witness_store *store = NULL;
    struct troth_log_problem problem;

    CHECK_INT(troth_witness_store_open(&store, &problem, folder), 0);
    if (!store)
        abort();
    return store;
}

static struct troth_log_tree tree(uint64_t size, uint8_t root)
{
    struct troth_log_tree out = {.size = size};

    memset(out.root.bytes, root, sizeof out.root.bytes);
    return out;
}

static void check_seen(struct troth_witness_store *store, const char *origin,
                       uint64_t size, uint8_t root)
{
    struct troth_log_problem problem;
    struct troth_log_tree seen;

    CHECK_INT(troth_witness_store_look(store, &problem, &seen, test_text(origin)), 0);
    CHECK_INT(seen.size, size);
    CHECK_INT(seen.root.bytes[31], root);
    troth_witness_store_leave(store);
}

static int keep(struct troth_witness_store *store, const char *origin, uint64_t size,
                uint8_t root)
{
    struct troth_log_problem problem;
    struct troth_log_tree seen;
    const struct troth_log_tree next = tree(size, root);

    CHECK_INT(troth_witness_store_look(store, &problem, &seen, test_text(origin)), 0);
    return troth_witness_store_keep(store, &problem, test_text(origin), &next,
                                    test_text("a note\n"));
}

static void test_rows(void)
{
    static const struct {
        const char *why, *origin;
        uint64_t size;
        uint8_t root;
        int failed;
        uint64_t then;
        uint8_t then_root;
    } rows[] = {
        {"an empty tree", "a", 0, 0, 0, 0, 0},
        {"the first", "a", 5, 1, 0, 5, 1},
        {"the same once more", "a", 5, 1, 0, 5, 1},
        {"a larger one", "a", 9, 2, 0, 9, 2},
        {"a smaller one", "a", 8, 2, EBADMSG, 9, 2},
        {"another of this size", "a", 9, 3, EBADMSG, 9, 2},
        {"another log", "b", 1, 4, 0, 1, 4},
        {"an origin that is longer", "ab", 2, 5, 0, 2, 5},
        {"the first is as it was", "a", 9, 2, 0, 9, 2},
        {"beyond what can be kept", "a", UINT64_MAX, 2, EINVAL, 9, 2},
    };
    struct troth_witness_store *store = open_store();

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        CHECK_INT(keep(store, rows[i].origin, rows[i].size, rows[i].root),
                  rows[i].failed);
        check_seen(store, rows[i].origin, rows[i].then, rows[i].then_root);
        if (i % 3 == 0) { /* as another process finds it */
            troth_witness_store_close(store);
            store = open_store();
            check_seen(store, rows[i].origin, rows[i].then, rows[i].then_root);
        }
    }
    troth_witness_store_close(store);
}

static void test_left(void)
{
    struct troth_witness_store *store = open_store();
    struct troth_log_problem problem;
    struct troth_log_tree seen;
    const struct troth_log_tree next = tree(20, 9);

    test_case("what was looked at and left is as it was");
    CHECK_INT(troth_witness_store_look(store, &problem, &seen, test_text("a")), 0);
    troth_witness_store_leave(store);
    check_seen(store, "a", 9, 2);
    test_case("nothing is kept that was not looked at");
    CHECK_INT(
        troth_witness_store_keep(store, &problem, test_text("a"), &next, test_text("x")),
        EINVAL);
    check_seen(store, "a", 9, 2);
    test_case("a look that is open when it closes");
    CHECK_INT(troth_witness_store_look(store, &problem, &seen, test_text("a")), 0);
    troth_witness_store_close(store);
    store = open_store();
    check_seen(store, "a", 9, 2);
    troth_witness_store_close(store);
    troth_witness_store_close(NULL);
}

static void test_notes(void)
{
    struct troth_witness_store *store = open_store();
    struct troth_log_problem problem;
    struct troth_log_tree seen;
    struct troth_file note;

    test_case("the note that was kept");
    CHECK_INT(troth_witness_store_note(store, &problem, &note, &seen, test_text("a")), 0);
    CHECK_SPAN(((struct troth_span){note.bytes, note.len}), test_text("a note\n"));
    CHECK_INT(seen.size, 9);
    troth_file_release(&note);
    test_case("none");
    CHECK_INT(troth_witness_store_note(store, &problem, &note, &seen, test_text("z")),
              ENOENT);
    CHECK(!note.bytes && seen.size == 0);
    troth_witness_store_close(store);
}

static void test_folders(void)
{
    struct troth_witness_store *store = open_store(), *second = NULL;
    struct troth_log_problem problem;
    char path[64];

    test_case("only one at a time");
    CHECK_INT(troth_witness_store_open(&second, &problem, folder), EBUSY);
    CHECK(!second && problem.failed == EBUSY && problem.text[0]);
    troth_witness_store_close(store);
    test_case("a file that is no database");
    (void)snprintf(path, sizeof path, "%s/witness.db", folder);
    CHECK_INT(troth_file_write(path, test_text("this is no database, and it is longer "
                                               "than a header of one would be. So it "
                                               "is read, and refused by its contents.")),
              0);
    CHECK_INT(troth_witness_store_open(&second, &problem, folder), EBADMSG);
    test_case("a folder that cannot be made");
    CHECK_INT(troth_witness_store_open(&second, &problem, "/nonexistent/folder"), ENOENT);
}

int main(void)
{
    char command[128];

    if (!mkdtemp(folder))
        return 1;
    test_rows();
    test_left();
    test_notes();
    test_folders();
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    (void)!system(command);
    return test_finish();
}
