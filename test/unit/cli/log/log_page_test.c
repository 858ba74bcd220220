/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_page.h"

#include "base/span.h"
#include "test/harness.h"

static void write_members(struct troth_json_writer *w)
{
    static const uint8_t bytes[] = {0, 0xff, 1, 2};

    troth_json_begin_object(w);
    troth_log_json_base64(w, "empty", (struct troth_span){NULL, 0});
    troth_log_json_base64(w, "bytes", (struct troth_span)TROTH_ARRAY_SPAN(bytes));
    troth_log_json_raw(w, "raw", TROTH_LITERAL("{\"a\":[1]}"));
    troth_json_write_key(w, "last");
    troth_json_write_uint(w, 1);
    troth_json_end_object(w);
}

int main(void)
{
    uint8_t text[128];
    struct troth_writer bytes = troth_writer_over(text, sizeof text);
    struct troth_json_writer w = troth_json_writer_over(&bytes, false);

    test_case("base64, and JSON inside JSON");
    write_members(&w);
    CHECK(!bytes.full);
    CHECK_SPAN(troth_writer_span(&bytes),
               TROTH_LITERAL("{\"empty\":\"\",\"bytes\":\"AP8BAg==\",\"raw\":{\"a\":[1]},"
                             "\"last\":1}"));

    test_case("without room it is full, wherever that ends");
    for (size_t room = 0; room < bytes.len; room++) {
        struct troth_writer small = troth_writer_over(text, room);

        w = troth_json_writer_over(&small, false);
        write_members(&w);
        CHECK(small.full);
    }
    return test_finish();
}
