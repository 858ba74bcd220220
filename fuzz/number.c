/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a number, a timestamp and a duration: what reads, writes back, and what was
 * written reads as the same. Eight bytes are a double as well.
 */
#include <stdlib.h>

#include "base/double_parts.h"
#include "base/number.h"
#include "base/span.h"
#include "cel/time.h"

enum { SIZE_MAX_READ = 4096, TEXT_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool is_same(double a, double b)
{
    return troth_double_bits(a) == troth_double_bits(b) ||
           (troth_double_is_nan(a) && troth_double_is_nan(b));
}

/* The fewest digits read back; so do any 17 and more, and a number without its fraction
 * is not farther from zero. */
static void write_double(double value, unsigned precision)
{
    uint8_t text[1400];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    double back;

    troth_write_double(&w, value);
    require(w.len < TEXT_MAX);
    require(!troth_double_parse(&back, troth_writer_span(&w)) && is_same(back, value));
    w.len = 0;
    troth_write_double_scientific(&w, value, 16 + precision % 900);
    require(!troth_double_parse(&back, troth_writer_span(&w)) && is_same(back, value));
    w.len = 0;
    troth_write_double_fixed(&w, troth_double_trunc(value), precision % 900);
    require(!w.full);
    require(!troth_double_parse(&back, troth_writer_span(&w)));
    require(is_same(back, troth_double_trunc(value)));
}

static void read_double(struct troth_span text)
{
    double value;

    if (troth_double_parse(&value, text))
        require(troth_double_bits(value) == 0);
    else
        write_double(value, (unsigned)text.len);
}

static void read_int(struct troth_span text)
{
    uint8_t written[TEXT_MAX];
    struct troth_writer w = troth_writer_over(written, sizeof written);
    int64_t value, back;

    if (troth_int_parse(&value, text))
        return;
    troth_write_int(&w, value);
    require(!troth_int_parse(&back, troth_writer_span(&w)) && back == value);
}

static bool is_same_time(const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    return a->kind == b->kind && a->as.integer == b->as.integer && a->nanos == b->nanos;
}

static void read_timestamp(struct troth_span text)
{
    uint8_t written[TEXT_MAX];
    struct troth_writer w = troth_writer_over(written, sizeof written);
    struct troth_cel_value value, back;
    struct troth_cel_calendar fields;

    if (troth_cel_timestamp_parse(&value, text))
        return;
    troth_cel_write_timestamp(&w, &value);
    require(!troth_cel_timestamp_parse(&back, troth_writer_span(&w)));
    require(is_same_time(&value, &back));
    require(!troth_cel_calendar(&fields, &value, TROTH_LITERAL("-23:59")));
    require(fields.year >= 0 && fields.day_of_week < 7 && fields.millisecond < 1000);
}

/* Added to a timestamp and taken away again, it leaves what was there. */
static void read_duration(struct troth_span text)
{
    const struct troth_cel_value now = TROTH_CEL_TIMESTAMP_VALUE(1777593600, 5);
    uint8_t written[TEXT_MAX];
    struct troth_writer w = troth_writer_over(written, sizeof written);
    struct troth_cel_value value, back, later;

    if (troth_cel_duration_parse(&value, text))
        return;
    troth_cel_write_duration(&w, &value);
    require(!troth_cel_duration_parse(&back, troth_writer_span(&w)));
    require(is_same_time(&value, &back));
    require(!troth_cel_time_add(&later, &now, &value));
    require(!troth_cel_time_subtract(&back, &later, &now) && is_same_time(&value, &back));
    require(!troth_cel_time_subtract(&back, &later, &value) && is_same_time(&now, &back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_span text = {data, size};
    double value;

    if (size > SIZE_MAX_READ)
        return 0;
    read_double(text);
    read_int(text);
    read_timestamp(text);
    read_duration(text);
    if (size >= sizeof value) {
        memcpy(&value, data, sizeof value);
        write_double(value, data[size - 1] * 4U);
    }
    return 0;
}
