/* SPDX-License-Identifier: Apache-2.0 */
#include "service/log/html.h"

#include "test/harness.h"

#define NO "\xef\xbf\xbd"

static const struct {
    const char *why;
    const char *text;
    const char *shown;
} rows[] = {
    {"nothing", "", ""},
    {"words", "a b-c_9", "a b-c_9"},
    {"what would be markup", "<b a='1' b=\"2\">&amp;</b>",
     "&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;amp;&lt;/b&gt;"},
    {"other scripts", "\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x8c\xb3",
     "\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x8c\xb3"},
    {"control characters", "a\n\x1b[1m\x7f\xc2\x85", "a" NO NO "[1m" NO NO},
    {"turned around",
     "\xe2\x80\xae"
     "a\xe2\x80\xac\xd8\x9c",
     NO "a" NO NO},
    {"not seen", "a\xe2\x80\x8b\xef\xbb\xbf\xc2\xad\xf3\xa0\x81\x81", "a" NO NO NO NO},
    {"no UTF-8",
     "\xff"
     "a\xc3<",
     NO "a" NO "&lt;"},
    {"overlong", "\xc0\xbc", NO NO},
    {"a surrogate", "\xed\xa0\x80", NO NO NO},
};

static const struct {
    uint64_t count;
    const char *shown;
} counts[] = {
    {0, "0"},
    {7, "7"},
    {999, "999"},
    {1000, "1,000"},
    {1023, "1,023"},
    {12345678, "12,345,678"},
    {1000001, "1,000,001"},
    {UINT64_MAX, "18,446,744,073,709,551,615"},
};

static const struct {
    int64_t seconds;
    const char *shown;
} durations[] = {
    {0, "0 seconds"},   {1, "1 second"},
    {59, "59 seconds"}, {60, "1 minute"},
    {7199, "1 hour"},   {7200, "2 hours"},
    {86400, "1 day"},   {86400LL * 4000, "4,000 days"},
    {-5, "0 seconds"},
};

static uint8_t room[256];

int main(void)
{
    struct troth_writer w;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        w = troth_writer_over(room, sizeof room);
        troth_html_text(&w, test_text(rows[i].text));
        CHECK_SPAN(troth_writer_span(&w), test_text(rows[i].shown));
    }
    test_case("cut between two characters");
    w = troth_writer_over(room, sizeof room);
    troth_html_brief(&w,
                     test_text("ab\xe4\xb8\xad"
                               "d"),
                     3);
    CHECK_SPAN(troth_writer_span(&w), test_text("ab\xe4\xb8\xad\xe2\x80\xa6"));
    w = troth_writer_over(room, sizeof room);
    troth_html_brief(&w, test_text("abc"), 3);
    CHECK_SPAN(troth_writer_span(&w), test_text("abc"));
    test_case("numbers in groups");
    for (size_t i = 0; i < COUNT(counts); i++) {
        w = troth_writer_over(room, sizeof room);
        troth_html_count(&w, counts[i].count);
        CHECK_SPAN(troth_writer_span(&w), test_text(counts[i].shown));
    }
    test_case("how long ago");
    for (size_t i = 0; i < COUNT(durations); i++) {
        w = troth_writer_over(room, sizeof room);
        troth_html_duration(&w, durations[i].seconds);
        CHECK_SPAN(troth_writer_span(&w), test_text(durations[i].shown));
    }
    test_case("an instant");
    w = troth_writer_over(room, sizeof room);
    troth_html_time(&w, 1777593600);
    CHECK_SPAN(troth_writer_span(&w),
               test_text("<time datetime=\"2026-05-01T00:00:00Z\">2026-05-01 00:00:00 "
                         "UTC</time>"));
    return test_finish();
}
