/* SPDX-License-Identifier: Apache-2.0 */
#include "os/descriptors.h"

#include <sys/resource.h>

#include "test/harness.h"

static struct rlimit limit_now(void)
{
    struct rlimit limit;

    (void)getrlimit(RLIMIT_NOFILE, &limit);
    return limit;
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
    return test_finish();
}
