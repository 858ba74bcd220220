/* SPDX-License-Identifier: Apache-2.0 */
/* docs/protocol.md has every frame, reason and commitment, as the code has them. */
#include <stdio.h>
#include <string.h>

#include "channel/frame.h"
#include "test/harness.h"
#include "troth/binding.h"
#include "troth/channel.h"

static const char *page;

static void check_row(const char *row)
{
    if (!strstr(page, row))
        printf("# missing: %s\n", row);
    CHECK(strstr(page, row) != NULL);
}

static void test_frames(void)
{
    static const struct {
        unsigned code;
        const char *name;
        size_t most;
    } frames[] = {
#define X(id, code, most) {code, #id, most},
        TROTH_FRAMES(X)
#undef X
    };

    for (size_t i = 0; i < COUNT(frames); i++) {
        char row[64];

        test_case("frame %s", frames[i].name);
        (void)snprintf(row, sizeof row, "\n| %u | %s | %zu |", frames[i].code,
                       frames[i].name, frames[i].most);
        check_row(row);
    }
}

static void test_reasons(void)
{
    size_t count = 0;

    for (int code = 0; code <= TROTH_REASON_INTERNAL; code++, count++) {
        const enum troth_channel_reason reason = (enum troth_channel_reason)code;
        char row[256];

        test_case("reason %s", troth_channel_reason_name(reason));
        (void)snprintf(row, sizeof row, "\n| %d | %s | %s |", code,
                       troth_channel_reason_name(reason),
                       troth_channel_reason_text(reason));
        check_row(row);
    }
}

/* Fields in their order: each row of a table behind the one before. */
static void test_fields(enum troth_binding_domain domain, const char *heading)
{
    const struct troth_binding_schema *schema = troth_binding_schema(domain);
    const char *at = strstr(page, heading);

    test_case("%s", heading + 1);
    CHECK(at != NULL);
    for (size_t i = 0; at && i < schema->count; i++) {
        char row[64];

        (void)snprintf(row, sizeof row, "\n| %s | ", schema->fields[i].name);
        at = strstr(at, row);
        if (!at)
            printf("# missing: %s", row);
        CHECK(at != NULL);
    }
}

static void test_words(void)
{
    static const enum troth_whose whose[] = {TROTH_WHOSE_ANYBODYS, TROTH_WHOSE_LISTED,
                                             TROTH_WHOSE_CERTIFIED, TROTH_WHOSE_PINNED};

    test_case("words and numbers");
    check_row("ALPN [RFC7301] protocol `" TROTH_CHANNEL_ALPN "`");
    check_row("label `" TROTH_EXPORTER_LABEL "`");
    CHECK_INT(TROTH_EPOCH_MAX_AGE_S, 3600);
    check_row("the longest age; 3600 unless set");
    CHECK_INT(TROTH_EPOCH_SKEW_S, 60);
    check_row("later than now + 60");
    for (size_t i = 0; i < COUNT(whose); i++)
        check_row(troth_whose_text(whose[i]));
}

int main(void)
{
    static char text[64 * 1024];
    const struct troth_span file = test_file(TROTH_SOURCE_DIR "/docs/protocol.md");

    if (!file.ptr || file.len >= sizeof text) {
        printf("Bail out! docs/protocol.md cannot be read\n");
        return 1;
    }
    memcpy(text, file.ptr, file.len);
    page = text;
    test_frames();
    test_reasons();
    test_fields(TROTH_BINDING_STRICT, "\n### Of a connection: domain `strict`");
    test_fields(TROTH_BINDING_AIK, "\n### Of an attestation key: domain `aik`");
    test_words();
    return test_finish();
}
