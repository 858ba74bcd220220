/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/answer.h"

#include "service/outbound/names.h"
#include "test/harness.h"

/* clang-format off */
static const struct {
    const char *why;
    unsigned status;
    const char *name, *cause, *text;
} rows[] = {
    {"a name that may not be reached", 403, "evil.test", "not among what may be reached",
     "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 57\r\nConnection: close\r\n\r\n"
     "troth-outbound: evil.test: not among what may be reached\n"},
    {"no name", 400, "", "no",
     "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 19\r\nConnection: close\r\n\r\n"
     "troth-outbound: no\n"},
    {"another method", 405, "", "no",
     "HTTP/1.1 405 Method Not Allowed\r\nAllow: CONNECT\r\nContent-Type: text/plain\r\nContent-Length: 19\r\n"
     "Connection: close\r\n\r\ntroth-outbound: no\n"},
    {"a status without a row", 599, "", "no",
     "HTTP/1.1 599 Refused\r\nContent-Type: text/plain\r\nContent-Length: 19\r\nConnection: close\r\n\r\n"
     "troth-outbound: no\n"},
};
/* clang-format on */

int main(void)
{
    uint8_t room[TROTH_ANSWER_MAX];
    struct troth_writer w;
    char longest[TROTH_HOST_NAME_MAX + 1];

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        w = troth_writer_over(room, sizeof room);
        troth_answer_http(&w, rows[i].status, rows[i].name, rows[i].cause);
        CHECK_SPAN(troth_writer_span(&w), test_text(rows[i].text));
    }
    test_case("the longest name fits");
    for (size_t i = 0; i < sizeof longest; i++)
        longest[i] = i + 1 < sizeof longest ? 'a' : '\0';
    w = troth_writer_over(room, sizeof room);
    troth_answer_http(&w, 502, longest,
                      "cannot be looked up: Temporary failure in name resolution");
    CHECK(!w.full && room[w.len - 1] == '\n');

    test_case("alerts: denied, and not our doing");
    w = troth_writer_over(room, sizeof room);
    troth_answer_tls(&w, 403);
    troth_answer_tls(&w, 502);
    CHECK_SPAN(troth_writer_span(&w), test_hex("15030300020231 15030300020250"));
    return test_finish();
}
