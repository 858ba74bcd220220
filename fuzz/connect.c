/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a request to the proxy, held to a list; and as a row of such a list. */
#include "service/outbound/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "base/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool is_plain_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

/* What a resolver, a log and a certificate are shown. */
static void check_name(const struct troth_host_name *name)
{
    struct troth_host_name again;
    const struct troth_span text = {(const uint8_t *)name->text, name->len};
    bool has_letter = false;

    require(name->len > 0 && name->len <= TROTH_HOST_NAME_MAX &&
            strlen(name->text) == name->len);
    for (size_t i = 0; i < name->len; i++)
        require(is_plain_character(name->text[i]));
    for (size_t i = name->len; i > 0 && name->text[i - 1] != '.'; i--)
        has_letter |= name->text[i - 1] > '9' || name->text[i - 1] == '-';
    require(has_letter);
    require(troth_host_name_parse(&again, text) == TROTH_NAME_HOST);
    require(troth_host_name_is(&again, text));
}

static void check_request(const struct troth_allow *allow, struct troth_span bytes)
{
    struct troth_connect asked, cut;
    const unsigned status = troth_connect_parse(&asked, allow, bytes);

    require((status >= 400) == (asked.why != NULL));
    require((status == 200) == (asked.row != NULL));
    require((status == 200) == (asked.head_len > 0));
    if (asked.name.len > 0)
        check_name(&asked.name);
    if (status != 200)
        return;
    require(asked.row >= allow->rows && asked.row < allow->rows + allow->count);
    require(asked.row->port == asked.port);
    require(asked.row->is_wildcard ? asked.name.len > asked.row->name.len + 1
                                   : asked.name.len == asked.row->name.len);
    require(strcmp(asked.name.text + asked.name.len - asked.row->name.len,
                   asked.row->name.text) == 0);
    require(troth_connect_parse(&cut, allow,
                                troth_span_slice(bytes, 0, asked.head_len)) == 200);
    require(troth_connect_parse(&cut, allow,
                                troth_span_slice(bytes, 0, asked.head_len - 1)) == 0);
}

/* The bytes as what is asked for, in a request that is sound but for them. */
static void check_target(const struct troth_allow *allow, struct troth_span bytes)
{
    static const char before[] = "CONNECT ", after[] = " HTTP/1.1\r\nHost: a\r\n\r\n";
    uint8_t text[1024];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_text(&w, before);
    troth_write_bytes(&w, bytes);
    troth_write_text(&w, after);
    if (!w.full)
        check_request(allow, troth_writer_span(&w));
}

static void check_row(struct troth_allow *allow, struct troth_span bytes)
{
    char text[512];

    if (bytes.len >= sizeof text || memchr(bytes.ptr, 0, bytes.len))
        return;
    memcpy(text, bytes.ptr, bytes.len);
    text[bytes.len] = '\0';
    if (troth_allow_add(allow, text, true))
        return;
    check_name(&allow->rows[allow->count - 1].name);
    require(allow->rows[allow->count - 1].port > 0);
    require(troth_allow_add(allow, text, false) == TROTH_ERR_DUPLICATE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct troth_allow allow;
    static const char *const rows[] = {"api.test:443", "*.wild.test:443", "a:1"};
    const struct troth_span bytes = {data, size};

    allow.count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        require(troth_allow_add(&allow, rows[i], i > 0) == TROTH_OK);
    check_request(&allow, bytes);
    if (size > 0)
        check_target(&allow, bytes);
    if (size > 0)
        check_row(&allow, bytes);
    return 0;
}
