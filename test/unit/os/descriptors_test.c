/* SPDX-License-Identifier: Apache-2.0 */
#include "os/descriptors.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "test/harness.h"

static struct rlimit limit_now(void)
{
    struct rlimit limit;

    (void)getrlimit(RLIMIT_NOFILE, &limit);
    return limit;
}

static void test_lies_at(void)
{
    char path[] = "/tmp/troth-descriptors-XXXXXX", link[64];
    const int held = mkstemp(path);
    int other;

    (void)snprintf(link, sizeof link, "%s.link", path);
    test_case("what is open lies where it was made, and not where a link leads to it");
    CHECK(held >= 0 && symlink(path, link) == 0);
    CHECK(troth_descriptor_lies_at(held, path));
    CHECK(!troth_descriptor_lies_at(held, link));
    test_case("nor once it is removed, or another is in its place");
    CHECK_INT(unlink(path), 0);
    CHECK(!troth_descriptor_lies_at(held, path));
    other = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
    CHECK(other >= 0 && !troth_descriptor_lies_at(held, path));
    CHECK(troth_descriptor_lies_at(other, path));
    (void)close(held);
    (void)close(other);
    (void)unlink(path);
    (void)unlink(link);
}

int main(void)
{
    const struct rlimit before = limit_now();
    struct rlimit low = {.rlim_cur = 64, .rlim_max = before.rlim_max};

    test_case("up to the ceiling anybody may go");
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &low), 0);
    CHECK_INT(troth_descriptors_raise(128), 128);
    CHECK_INT(limit_now().rlim_cur, 128);
    CHECK_INT(limit_now().rlim_max, before.rlim_max);

    test_case("more than is wanted stays");
    CHECK_INT(troth_descriptors_raise(100), 128);
    CHECK_INT(limit_now().rlim_cur, 128);

    test_case("more than there can be: as many as there may be");
    CHECK(troth_descriptors_raise((size_t)1 << 62) >= 128);
    CHECK(limit_now().rlim_cur >= 128);
    test_lies_at();
    return test_finish();
}
