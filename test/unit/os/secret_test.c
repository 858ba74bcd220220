/* SPDX-License-Identifier: Apache-2.0 */
#include "os/secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/harness.h"

static char folder[] = "/tmp/troth-secret-XXXXXX";

static const char *file_of(size_t len, mode_t mode)
{
    static char path[64];
    FILE *to;

    (void)snprintf(path, sizeof path, "%s/key", folder);
    (void)remove(path);
    to = fopen(path, "wb");
    for (size_t i = 0; to && i < len; i++)
        (void)fputc('k', to);
    if (!to || fclose(to) != 0 || chmod(path, mode) != 0)
        abort();
    return path;
}

/* What the kernel says of the mapping that holds the key: "dd" is "do not dump". */
static bool is_kept_out_of_dumps(const uint8_t *at)
{
    char line[512];
    bool inside = false, found = false;
    FILE *maps = fopen("/proc/self/smaps", "r");

    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long long start, end;

        if (sscanf(line, "%llx-%llx ", &start, &end) == 2)
            inside = (unsigned long long)(uintptr_t)at >= start &&
                     (unsigned long long)(uintptr_t)at < end;
        if (inside && strncmp(line, "VmFlags:", 8) == 0)
            found = strstr(line, " dd") != NULL;
    }
    if (maps)
        (void)fclose(maps);
    return found;
}

static void test_good(void)
{
    struct troth_secret_file file;
    struct rlimit limit;

    test_case("a key is read, and the process leaves no dumps from then on");
    CHECK_INT(troth_secret_file_read(&file, file_of(100, 0600)), 0);
    CHECK_INT(file.len, 100);
    CHECK(file.bytes && file.bytes[0] == 'k' && file.bytes[99] == 'k');
    CHECK_INT(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    CHECK(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0);
    if (geteuid() == 0 &&
        file.bytes) /* others cannot read what is said of such a process */
        CHECK(is_kept_out_of_dumps(file.bytes));
    troth_secret_file_release(&file);
    CHECK(!file.bytes && file.len == 0);
    troth_secret_file_release(&file);
}

static void test_refused(void)
{
    static const struct {
        const char *why;
        size_t len;
        mode_t mode;
        int wanted;
    } rows[] = {
        {"readable by the group", 10, 0640, EPERM},
        {"readable by everybody", 10, 0604, EPERM},
        {"writable by everybody", 10, 0602, EPERM},
        {"longer than any key", TROTH_SECRET_MAX + 1, 0600, EFBIG},
        {"as long as a key may be", TROTH_SECRET_MAX, 0600, 0},
        {"empty", 0, 0600, 0},
    };
    struct troth_secret_file file;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        CHECK_INT(troth_secret_file_read(&file, file_of(rows[i].len, rows[i].mode)),
                  rows[i].wanted);
        CHECK((file.bytes == NULL) == (rows[i].wanted != 0));
        troth_secret_file_release(&file);
    }
    test_case("a folder, and nothing at all");
    CHECK_INT(troth_secret_file_read(&file, folder), EISDIR);
    CHECK_INT(troth_secret_file_read(&file, "/nowhere"), ENOENT);
}

static void test_write(void)
{
    struct troth_secret_file file;
    struct stat about;
    char path[64];

    test_case("a key is written for its owner alone, and over nothing");
    (void)snprintf(path, sizeof path, "%s/made", folder);
    (void)umask(0);
    CHECK_INT(troth_secret_file_write(path, TROTH_LITERAL("secret")), 0);
    CHECK_INT(troth_secret_file_write(path, TROTH_LITERAL("another")), EEXIST);
    CHECK(stat(path, &about) == 0 && (about.st_mode & 07777) == 0600);
    CHECK_INT(troth_secret_file_read(&file, path), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}), TROTH_LITERAL("secret"));
    troth_secret_file_release(&file);
    (void)remove(path);
    /* Nothing of either is left beside it: the folder can be removed at the end. */
    CHECK_INT(troth_secret_file_write("/nowhere/made", TROTH_LITERAL("secret")), ENOENT);

    test_case("room for a secret that is made");
    CHECK_INT(troth_secret_file_map(&file), 0);
    CHECK(file.room > TROTH_SECRET_MAX && file.len == 0);
    troth_secret_file_release(&file);
}

int main(void)
{
    if (!mkdtemp(folder))
        abort();
    test_good();
    test_refused();
    test_write();
    (void)remove(file_of(0, 0600));
    CHECK_INT(rmdir(folder), 0);
    return test_finish();
}
