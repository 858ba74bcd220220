/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wipe.h"

#include <stdint.h>
#include <string.h>

#include "test/harness.h"

int main(void)
{
    test_case("all of the secret goes, nothing beside it");
    for (size_t len = 0; len <= 40; len++) {
        uint8_t memory[42];

        memset(memory, 0xa5, sizeof memory);
        troth_wipe(memory + 1, len);
        CHECK_INT(memory[0], 0xa5);
        for (size_t i = 0; i < len; i++)
            CHECK_INT(memory[1 + i], 0);
        CHECK_INT(memory[1 + len], 0xa5);
    }

    test_case("nothing is nothing");
    troth_wipe(NULL, 0);
    CHECK(true);
    return test_finish();
}
