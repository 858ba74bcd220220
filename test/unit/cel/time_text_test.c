/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/time.h"

#include "test/harness.h"

/* What is written back is `back`; NULL: the text itself. */
static const struct {
    const char *text;
    enum troth_err err;
    int64_t seconds;
    int32_t nanos;
    const char *back;
} timestamps[] = {
    {"2009-02-13T23:31:30Z", TROTH_OK, 1234567890, 0, NULL},
    {"2009-02-13T23:31:30.5Z", TROTH_OK, 1234567890, 500000000, NULL},
    {"2009-02-13T23:31:30.123456789Z", TROTH_OK, 1234567890, 123456789, NULL},
    {"2009-02-13T23:31:30.000000001Z", TROTH_OK, 1234567890, 1, NULL},
    {"2009-02-13T23:31:30.120000000Z", TROTH_OK, 1234567890, 120000000,
     "2009-02-13T23:31:30.12Z"},
    {"2009-02-13T23:31:30.0Z", TROTH_OK, 1234567890, 0, "2009-02-13T23:31:30Z"},
    {"2009-02-14T01:31:30.25+02:00", TROTH_OK, 1234567890, 250000000,
     "2009-02-13T23:31:30.25Z"},
    {"2009-02-13t23:31:30z", TROTH_OK, 1234567890, 0, "2009-02-13T23:31:30Z"},
    {"1969-12-31T23:59:59.75Z", TROTH_OK, -1, 750000000, NULL},
    {"0001-01-01T00:00:00Z", TROTH_OK, TROTH_CEL_TIMESTAMP_MIN_S, 0, NULL},
    {"9999-12-31T23:59:59.999999999Z", TROTH_OK, TROTH_CEL_TIMESTAMP_MAX_S, 999999999,
     NULL},
    {"0000-01-01T00:00:00Z", TROTH_ERR_VALUE, 0, 0, NULL},
    {"10000-01-01T00:00:00Z", TROTH_ERR_VALUE, 0, 0, NULL},
    {"0001-01-01T00:00:00.5+00:01", TROTH_ERR_VALUE, 0, 0, NULL},
    {"2009-02-13T23:31:30.1234567890Z", TROTH_ERR_VALUE, 0, 0, NULL},
    {"2009-02-13T23:31:30.Z", TROTH_ERR_VALUE, 0, 0, NULL},
    {"2009-02-13T23:31:30", TROTH_ERR_VALUE, 0, 0, NULL},
    {"2009-02-13", TROTH_ERR_VALUE, 0, 0, NULL},
    {"2009-02-30T00:00:00Z", TROTH_ERR_VALUE, 0, 0, NULL},
    {"", TROTH_ERR_VALUE, 0, 0, NULL},
};

static const struct {
    const char *text;
    enum troth_err err;
    int64_t seconds;
    int32_t nanos;
    const char *back;
} durations[] = {
    {"0", TROTH_OK, 0, 0, "0s"},
    {"-0", TROTH_OK, 0, 0, "0s"},
    {"+0", TROTH_OK, 0, 0, "0s"},
    {"0s", TROTH_OK, 0, 0, NULL},
    {"1s", TROTH_OK, 1, 0, NULL},
    {"+5s", TROTH_OK, 5, 0, "5s"},
    {"1000000s", TROTH_OK, 1000000, 0, NULL},
    {"1h2m3.5s", TROTH_OK, 3723, 500000000, "3723.5s"},
    {"-1h2m3.5s", TROTH_OK, -3723, -500000000, "-3723.5s"},
    {"1.5h", TROTH_OK, 5400, 0, "5400s"},
    {"-.5s", TROTH_OK, 0, -500000000, "-0.5s"},
    {"5.s", TROTH_OK, 5, 0, "5s"},
    {"100us", TROTH_OK, 0, 100000, "0.0001s"},
    {"12\xc2\xb5s", TROTH_OK, 0, 12000, "0.000012s"},
    {"12\xce\xbcs", TROTH_OK, 0, 12000, "0.000012s"},
    {"1500ms", TROTH_OK, 1, 500000000, "1.5s"},
    {"1ns", TROTH_OK, 0, 1, "0.000000001s"},
    {"-1ns", TROTH_OK, 0, -1, "-0.000000001s"},
    {"0.9ns", TROTH_OK, 0, 0, "0s"},
    {"3s5m", TROTH_OK, 303, 0, "303s"},
    {"1s1s", TROTH_OK, 2, 0, "2s"},
    {"0.830103483285477580700h", TROTH_OK, 2988, 372539827, "2988.372539827s"},
    {"0.3333333333333333333333333333333333333333333333333333m", TROTH_OK, 19, 999999999,
     "19.999999999s"},
    {"9223372036.854775807s", TROTH_OK, 9223372036, 854775807, NULL},
    {"9223372036854775807ns", TROTH_OK, 9223372036, 854775807, "9223372036.854775807s"},
    {"-2562047h47m16.854775807s", TROTH_OK, -9223372036, -854775807,
     "-9223372036.854775807s"},
    {"000000000000000000000000001s", TROTH_OK, 1, 0, "1s"},
    {"9223372036.854775808s", TROTH_ERR_LIMIT, 0, 0, NULL},
    {"9223372036854775807ns1ns", TROTH_ERR_LIMIT, 0, 0, NULL},
    {"2562048h", TROTH_ERR_LIMIT, 0, 0, NULL},
    {"320000000000s", TROTH_ERR_LIMIT, 0, 0, NULL},
    {"-320000000000s", TROTH_ERR_LIMIT, 0, 0, NULL},
    {"99999999999999999999999ns", TROTH_ERR_LIMIT, 0, 0, NULL},
    {"", TROTH_ERR_VALUE, 0, 0, NULL},
    {"-", TROTH_ERR_VALUE, 0, 0, NULL},
    {"3", TROTH_ERR_VALUE, 0, 0, NULL},
    {"s", TROTH_ERR_VALUE, 0, 0, NULL},
    {".", TROTH_ERR_VALUE, 0, 0, NULL},
    {".s", TROTH_ERR_VALUE, 0, 0, NULL},
    {"1.2.3s", TROTH_ERR_VALUE, 0, 0, NULL},
    {"1d", TROTH_ERR_VALUE, 0, 0, NULL},
    {"1S", TROTH_ERR_VALUE, 0, 0, NULL},
    {"1h-2m", TROTH_ERR_VALUE, 0, 0, NULL},
    {"--1s", TROTH_ERR_VALUE, 0, 0, NULL},
    {"1 s", TROTH_ERR_VALUE, 0, 0, NULL},
    {"1s ", TROTH_ERR_VALUE, 0, 0, NULL},
    {"1h1", TROTH_ERR_VALUE, 0, 0, NULL},
    {"1e3s", TROTH_ERR_VALUE, 0, 0, NULL},
    {"12\xb5s", TROTH_ERR_VALUE, 0, 0, NULL},
};

static void check_parts(const struct troth_cel_value *seen, enum troth_cel_kind kind,
                        int64_t seconds, int32_t nanos)
{
    CHECK_INT(seen->kind, kind);
    CHECK_INT(seen->as.integer, seconds);
    CHECK_INT(seen->nanos, nanos);
}

int main(void)
{
    uint8_t text[64];

    for (size_t i = 0; i < COUNT(timestamps); i++) {
        struct troth_writer w = troth_writer_over(text, sizeof text);
        struct troth_cel_value seen = TROTH_CEL_INT_VALUE(7);
        const char *back = timestamps[i].back ? timestamps[i].back : timestamps[i].text;
        enum troth_err err = timestamps[i].err;

        test_case("timestamp: '%s'", timestamps[i].text);
        CHECK_ERR(troth_cel_timestamp_parse(&seen, test_text(timestamps[i].text)), err);
        check_parts(&seen, err ? TROTH_CEL_NONE : TROTH_CEL_TIMESTAMP,
                    timestamps[i].seconds, timestamps[i].nanos);
        if (err)
            continue;
        troth_cel_write_timestamp(&w, &seen);
        CHECK_SPAN(troth_writer_span(&w), test_text(back));
    }
    for (size_t i = 0; i < COUNT(durations); i++) {
        struct troth_writer w = troth_writer_over(text, sizeof text);
        struct troth_cel_value seen = TROTH_CEL_INT_VALUE(7);
        const char *back = durations[i].back ? durations[i].back : durations[i].text;
        enum troth_err err = durations[i].err;

        test_case("duration: '%s'", durations[i].text);
        CHECK_ERR(troth_cel_duration_parse(&seen, test_text(durations[i].text)), err);
        check_parts(&seen, err ? TROTH_CEL_NONE : TROTH_CEL_DURATION,
                    durations[i].seconds, durations[i].nanos);
        if (err)
            continue;
        troth_cel_write_duration(&w, &seen);
        CHECK_SPAN(troth_writer_span(&w), test_text(back));
    }
    return test_finish();
}
