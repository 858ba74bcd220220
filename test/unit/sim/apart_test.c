/* What is minted vouches for nothing, so what mints must not be in what verifies. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "test/harness.h"

/* Texts and names that only the minting library has. */
static const char *const marks[] = {"TROTH-SIMULATED", "troth-sim seed",
                                    "sim_nitro_default", "sim_keyring_create"};

static bool contains(struct troth_span bytes, const char *text)
{
    const size_t len = strlen(text);

    for (size_t i = 0; i + len <= bytes.len; i++)
        if (bytes.ptr[i] == (uint8_t)text[0] && memcmp(bytes.ptr + i, text, len) == 0)
            return true;
    return false;
}

static size_t count_marks(struct troth_span bytes)
{
    size_t found = 0;

    for (size_t i = 0; i < COUNT(marks); i++)
        found += contains(bytes, marks[i]);
    return found;
}

int main(void)
{
    static const char *const products[] = {TROTH_PROGRAM, TROTH_BUILD_DIR "/libtroth.so",
                                           TROTH_BUILD_DIR "/libtroth.a"};

    test_case("the scan finds the marks where they are");
    CHECK(count_marks(test_file(TROTH_BUILD_DIR "/sim/troth-mint")) >= 2);

    for (size_t i = 0; i < COUNT(products); i++) {
        const struct troth_span bytes = test_file(products[i]);

        test_case("no minting in %s", strrchr(products[i], '/') + 1);
        if (!bytes.ptr)
            test_skip("it is not built");
        else
            CHECK_INT(count_marks(bytes), 0);
    }
    return test_finish();
}
