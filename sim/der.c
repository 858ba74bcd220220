/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/der.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void put_length(struct sim_bytes *out, size_t len)
{
    unsigned bytes = len < 0x80 ? 0 : len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;

    if (bytes == 0) {
        sim_bytes_append_byte(out, (uint8_t)len);
        return;
    }
    sim_bytes_append_byte(out, (uint8_t)(0x80 | bytes));
    while (bytes-- > 0)
        sim_bytes_append_byte(out, (uint8_t)(len >> 8 * bytes));
}

void sim_der_put(struct sim_bytes *out, uint8_t tag, struct troth_span content)
{
    sim_bytes_append_byte(out, tag);
    put_length(out, content.len);
    sim_bytes_append(out, content);
}

void sim_der_wrap(struct sim_bytes *out, uint8_t tag, struct sim_bytes content)
{
    sim_der_put(out, tag, sim_bytes_span(content));
    sim_bytes_free(&content);
}

void sim_der_integer(struct sim_bytes *out, struct troth_span big_endian)
{
    struct sim_bytes content = {0};

    while (big_endian.len > 1 && big_endian.ptr[0] == 0) {
        big_endian.ptr++;
        big_endian.len--;
    }
    if (big_endian.len == 0 || big_endian.ptr[0] & 0x80)
        sim_bytes_append_byte(&content, 0);
    sim_bytes_append(&content, big_endian);
    sim_der_wrap(out, SIM_DER_INTEGER, content);
}

void sim_der_number(struct sim_bytes *out, uint64_t number)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    sim_der_integer(out, SIM_ARRAY(bytes));
}

/* Base 128, the top bit set in all bytes but the last. */
static void put_arc(struct sim_bytes *out, unsigned long arc)
{
    unsigned shift = 0;

    while (shift < 28 && arc >> (shift + 7) != 0)
        shift += 7;
    for (; shift > 0; shift -= 7)
        sim_bytes_append_byte(out, (uint8_t)(0x80 | (arc >> shift & 0x7f)));
    sim_bytes_append_byte(out, (uint8_t)(arc & 0x7f));
}

void sim_der_oid(struct sim_bytes *out, const char *dotted)
{
    struct sim_bytes content = {0};
    char *next = NULL;
    unsigned long first = strtoul(dotted, &next, 10);

    if (*next != '.')
        sim_die("an object identifier has two arcs or more");
    put_arc(&content, first * 40 + strtoul(next + 1, &next, 10));
    while (*next == '.')
        put_arc(&content, strtoul(next + 1, &next, 10));
    sim_der_wrap(out, SIM_DER_OID, content);
}

void sim_der_bits(struct sim_bytes *out, struct troth_span content)
{
    struct sim_bytes bits = {0};

    sim_bytes_append_byte(&bits, 0);
    sim_bytes_append(&bits, content);
    sim_der_wrap(out, SIM_DER_BIT_STRING, bits);
}

void sim_der_time(struct sim_bytes *out, int64_t time_s)
{
    const time_t seconds = (time_t)time_s;
    struct tm utc;
    char text[80];

    if (!gmtime_r(&seconds, &utc))
        sim_die("a time is out of range");
    const int year = utc.tm_year + 1900;
    const bool is_short = year >= 1950 && year < 2050;
    (void)snprintf(text, sizeof text, "%0*d%02d%02d%02d%02d%02dZ", is_short ? 2 : 4,
                   is_short ? year % 100 : year, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                   utc.tm_min, utc.tm_sec);
    sim_der_put(out, is_short ? SIM_DER_UTC_TIME : SIM_DER_GENERALIZED_TIME,
                sim_text(text));
}
