/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/json.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/* Is something written that the next value has to be set apart from? */
static bool needs_comma(const struct sim_bytes *out)
{
    const uint8_t last = out->len ? out->ptr[out->len - 1] : '{';

    return last != '{' && last != '[' && last != ':';
}

static void put_name(struct sim_bytes *out, const char *name)
{
    if (needs_comma(out))
        sim_bytes_append_byte(out, ',');
    if (!name)
        return;
    sim_bytes_append_byte(out, '"');
    sim_bytes_append(out, sim_text(name));
    sim_bytes_append(out, sim_text("\":"));
}

void sim_json_open(struct sim_bytes *out, const char *name, char bracket)
{
    put_name(out, name);
    sim_bytes_append_byte(out, (uint8_t)bracket);
}

void sim_json_close(struct sim_bytes *out, char bracket)
{
    sim_bytes_append_byte(out, (uint8_t)bracket);
}

void sim_json_number(struct sim_bytes *out, const char *name, uint64_t number)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    sim_json_raw(out, name, sim_text(text));
}

static void put_character(struct sim_bytes *out, uint8_t character)
{
    char escape[8];

    if (character == '\n')
        (void)snprintf(escape, sizeof escape, "\\n");
    else if (character == '"' || character == '\\')
        (void)snprintf(escape, sizeof escape, "\\%c", character);
    else if (character < 0x20)
        (void)snprintf(escape, sizeof escape, "\\u%04x", character);
    else
        (void)snprintf(escape, sizeof escape, "%c", character);
    sim_bytes_append(out, sim_text(escape));
}

void sim_json_text(struct sim_bytes *out, const char *name, struct troth_span text)
{
    put_name(out, name);
    sim_bytes_append_byte(out, '"');
    for (size_t i = 0; i < text.len; i++)
        put_character(out, text.ptr[i]);
    sim_bytes_append_byte(out, '"');
}

void sim_json_hex(struct sim_bytes *out, const char *name, struct troth_span bytes)
{
    put_name(out, name);
    sim_bytes_append_byte(out, '"');
    sim_hex_upper(out, bytes);
    sim_bytes_append_byte(out, '"');
}

void sim_json_time(struct sim_bytes *out, const char *name, int64_t time_s)
{
    const time_t seconds = (time_t)time_s;
    struct tm utc;
    char text[32];

    if (!gmtime_r(&seconds, &utc) ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        sim_die("a time is out of range");
    sim_json_text(out, name, sim_text(text));
}

void sim_json_raw(struct sim_bytes *out, const char *name, struct troth_span json)
{
    put_name(out, name);
    sim_bytes_append(out, json);
}

static void put_hex(struct sim_bytes *out, struct troth_span bytes, const char *digits)
{
    for (size_t i = 0; i < bytes.len; i++) {
        sim_bytes_append_byte(out, (uint8_t)digits[bytes.ptr[i] >> 4]);
        sim_bytes_append_byte(out, (uint8_t)digits[bytes.ptr[i] & 15]);
    }
}

void sim_hex_upper(struct sim_bytes *out, struct troth_span bytes)
{
    put_hex(out, bytes, "0123456789ABCDEF");
}

void sim_hex_lower(struct sim_bytes *out, struct troth_span bytes)
{
    put_hex(out, bytes, "0123456789abcdef");
}
