/* SPDX-License-Identifier: Apache-2.0 */
#include "test/harness.h"
#include "troth/channel.h"

#include <string.h>

static const struct {
    enum troth_channel_reason reason;
    const char *name, *text;
} reasons[] = {
#define X(id, code, name, text) {TROTH_REASON_##id, name, text},
    TROTH_CHANNEL_REASONS(X)
#undef X
};

/* Each has its own code, from 0 on, and its own words. */
static void test_reasons(void)
{
    for (size_t i = 0; i < COUNT(reasons); i++) {
        test_case("reason: %s", reasons[i].name);
        CHECK_INT(reasons[i].reason, i);
        CHECK_TEXT(troth_channel_reason_name(reasons[i].reason), reasons[i].name);
        CHECK_TEXT(troth_channel_reason_text(reasons[i].reason), reasons[i].text);
        for (size_t k = 0; k < i; k++) {
            CHECK(strcmp(reasons[i].name, reasons[k].name) != 0);
            CHECK(strcmp(reasons[i].text, reasons[k].text) != 0);
        }
    }
    test_case("a reason to come");
    CHECK_TEXT(troth_channel_reason_name((enum troth_channel_reason)200), "unknown");
    CHECK_TEXT(troth_channel_reason_text((enum troth_channel_reason)200),
               "a reason that is not known here");
}

int main(void)
{
    test_reasons();

    test_case("roles");
    CHECK_TEXT(troth_role_name(TROTH_CLIENT), "client");
    CHECK_TEXT(troth_role_name(TROTH_SERVER), "server");
    CHECK_TEXT(troth_role_name((enum troth_role)0), "unknown");

    test_case("levels");
    CHECK_TEXT(troth_level_name(TROTH_LEVEL_NONE), "none");
    CHECK_TEXT(troth_level_name(TROTH_LEVEL_EPOCH), "epoch");
    CHECK_TEXT(troth_level_name(TROTH_LEVEL_STRICT), "strict");
    CHECK_TEXT(troth_level_name(TROTH_LEVEL_COUNT), "unknown");
    CHECK_TEXT(troth_level_name((enum troth_level)9), "unknown");

    test_case("whose machine it is");
    CHECK_TEXT(troth_whose_text(TROTH_WHOSE_ANYBODYS), "some machine running this image");
    CHECK_TEXT(troth_whose_text(TROTH_WHOSE_LISTED), "a machine that the policy names");
    CHECK_TEXT(troth_whose_text(TROTH_WHOSE_CERTIFIED),
               "a machine of the name that a certificate authority vouches for");
    CHECK_TEXT(troth_whose_text(TROTH_WHOSE_PINNED),
               "a machine with the certificate that was named");
    CHECK_TEXT(troth_whose_text((enum troth_whose)9), "unknown");
    return test_finish();
}
