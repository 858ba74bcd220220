/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/client_hello.h"

#include <stdbool.h>

#include "base/cursor.h"
#include "base/span.h"
#include "base/writer.h"

enum {
    RECORD_HANDSHAKE = 22,
    FRAGMENT_MAX = 1 << 14, /* [RFC8446] 5.1 */
    MESSAGE_CLIENT_HELLO = 1,
    MESSAGE_HEAD = 4,
    VERSION_FIRST = 0x0301, /* TLS 1.0, which later ones write in records, too */
    VERSION_LAST = 0x0303,
    RANDOM_SIZE = 32,
    SESSION_MAX = 32,
    EXTENSION_SERVER_NAME = 0,
    EXTENSIONS_MAX = 64, /* about as many are registered; no client sends half of them */
    NAME_HOST = 0
};

/* Ways to hide the name, of today and of earlier drafts. */
static const uint16_t hiding[] = {
    0xfe0d, /* encrypted_client_hello, [RFC9849] and its drafts from 13 on */
    0xfe0c, 0xfe0b, 0xfe0a, 0xfe09, 0xfe08, /* earlier ones */
    0xfd00, 0xff02, 0xff03, 0xff04, 0xffce, /* outer extensions, nonces and ESNI */
};

static uint16_t u16(struct troth_cursor *c, const char *field)
{
    return (uint16_t)troth_cursor_uint_be(c, 2, field);
}

static bool is_version(uint16_t version)
{
    return version >= VERSION_FIRST && version <= VERSION_LAST;
}

/* ---- records ---- */

/* How long the message is with its head; 0: not known yet. */
static size_t message_len(const struct troth_writer *message)
{
    const uint8_t *p = message->base;

    return message->len < MESSAGE_HEAD
               ? 0
               : MESSAGE_HEAD + ((size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3]);
}

static bool is_whole(const struct troth_writer *message)
{
    const size_t len = message_len(message);

    return len > 0 && message->len >= len;
}

/* One more record's share of the message. What can never become one is said as soon as it
 * shows: nobody waits for the rest. */
static void take_record(struct troth_cursor *c, struct troth_writer *message)
{
    const uint8_t type = troth_cursor_u8(c, "tls.record.type");

    troth_cursor_expect(c, type == RECORD_HANDSHAKE, TROTH_ERR_TYPE, "tls.record.type");

    const uint16_t version = u16(c, "tls.record.version");

    troth_cursor_expect(c, is_version(version), TROTH_ERR_TYPE, "tls.record.version");

    const size_t len = u16(c, "tls.record.length");
    const size_t left = troth_cursor_left(c);

    /* spec: [RFC8446] 5.1 "Implementations MUST NOT send zero-length fragments of
     * Handshake types" */
    troth_cursor_expect(c, len > 0 && len <= FRAGMENT_MAX, TROTH_ERR_VALUE,
                        "tls.record.length");
    troth_write_bytes(message,
                      troth_cursor_bytes(c, len < left ? len : left, "tls.record"));
    troth_cursor_expect(c, message->len == 0 || message->base[0] == MESSAGE_CLIENT_HELLO,
                        TROTH_ERR_TYPE, "tls.hello.type");
    troth_cursor_expect(c, !message->full && message_len(message) <= message->size,
                        TROTH_ERR_LIMIT, "tls.hello.length");
    troth_cursor_expect(c, len <= left, TROTH_ERR_SHORT, "tls.record");
}

static enum troth_err gather(struct troth_writer *message, struct troth_fault *fault,
                             struct troth_span bytes)
{
    struct troth_cursor c = troth_cursor_over(bytes);

    while (!c.fault.err && !is_whole(message))
        take_record(&c, message);
    /* Nothing may follow it before the server has answered, least of all in one record.
     */
    troth_cursor_expect(&c, !is_whole(message) || message->len == message_len(message),
                        TROTH_ERR_TRAILING, "tls.hello");
    *fault = c.fault;
    if (fault->err == TROTH_ERR_SHORT && bytes.len >= TROTH_CLIENT_HELLO_MAX)
        fault->err = TROTH_ERR_LIMIT;
    return fault->err;
}

/* ---- the message ---- */

static struct troth_span host_name(struct troth_cursor *c)
{
    static const char field[] = "tls.hello.server_name";
    struct troth_cursor list = troth_cursor_enter(c, u16(c, field), field);
    const uint8_t type = troth_cursor_u8(&list, field);
    const struct troth_span name = troth_cursor_bytes(&list, u16(&list, field), field);

    troth_cursor_expect(&list, type == NAME_HOST && name.len > 0, TROTH_ERR_VALUE, field);
    troth_cursor_expect(&list, troth_cursor_left(&list) == 0, TROTH_ERR_DUPLICATE, field);
    troth_cursor_leave(c, &list);
    return name;
}

static bool is_among(uint16_t type, const uint16_t *types, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (types[i] == type)
            return true;
    return false;
}

static struct troth_span server_name(struct troth_cursor *c)
{
    struct troth_span name = {NULL, 0};
    uint16_t seen[EXTENSIONS_MAX];

    for (size_t count = 0; troth_cursor_left(c) > 0; count++) {
        const uint16_t type = u16(c, "tls.hello.extension.type");
        const size_t len = u16(c, "tls.hello.extension.length");
        struct troth_cursor extension = troth_cursor_enter(c, len, "tls.hello.extension");

        troth_cursor_expect(&extension, count < EXTENSIONS_MAX, TROTH_ERR_LIMIT,
                            "tls.hello.extension");
        if (extension.fault.err) {
            troth_cursor_leave(c, &extension);
            break;
        }
        troth_cursor_expect(&extension, !is_among(type, seen, count), TROTH_ERR_DUPLICATE,
                            "tls.hello.extension.type");
        troth_cursor_expect(&extension,
                            !is_among(type, hiding, sizeof hiding / sizeof *hiding),
                            TROTH_ERR_UNSUPPORTED, "tls.hello.encrypted_client_hello");
        seen[count] = type;
        if (type == EXTENSION_SERVER_NAME)
            name = host_name(&extension);
        else
            (void)troth_cursor_rest(&extension, "tls.hello.extension");
        troth_cursor_leave(c, &extension);
    }
    troth_cursor_expect(c, name.len > 0, TROTH_ERR_MISSING, "tls.hello.server_name");
    return name;
}

static struct troth_span read_hello(struct troth_cursor *c)
{
    const uint16_t version = u16(c, "tls.hello.version");

    troth_cursor_expect(c, is_version(version), TROTH_ERR_VALUE, "tls.hello.version");
    (void)troth_cursor_bytes(c, RANDOM_SIZE, "tls.hello.random");

    const size_t session = troth_cursor_u8(c, "tls.hello.session");

    troth_cursor_expect(c, session <= SESSION_MAX, TROTH_ERR_VALUE, "tls.hello.session");
    (void)troth_cursor_bytes(c, session, "tls.hello.session");

    const size_t suites = u16(c, "tls.hello.cipher_suites");

    troth_cursor_expect(c, suites > 0 && suites % 2 == 0, TROTH_ERR_VALUE,
                        "tls.hello.cipher_suites");
    (void)troth_cursor_bytes(c, suites, "tls.hello.cipher_suites");

    const size_t methods = troth_cursor_u8(c, "tls.hello.compression");

    troth_cursor_expect(c, methods > 0, TROTH_ERR_VALUE, "tls.hello.compression");
    (void)troth_cursor_bytes(c, methods, "tls.hello.compression");
    troth_cursor_expect(c, troth_cursor_left(c) > 0, TROTH_ERR_MISSING,
                        "tls.hello.server_name");

    const size_t len = u16(c, "tls.hello.extensions");
    struct troth_cursor extensions = troth_cursor_enter(c, len, "tls.hello.extensions");
    const struct troth_span name = server_name(&extensions);

    troth_cursor_leave(c, &extensions);
    return name;
}

enum troth_err troth_client_hello_parse(struct troth_span *out_name,
                                        struct troth_fault *out_fault, uint8_t *room,
                                        struct troth_span bytes)
{
    struct troth_writer message = troth_writer_over(room, TROTH_CLIENT_HELLO_MAX);
    struct troth_fault fault;

    *out_name = (struct troth_span){NULL, 0};
    if (!gather(&message, &fault, bytes)) {
        struct troth_cursor c = troth_cursor_over(troth_writer_span(&message));

        (void)troth_cursor_bytes(&c, MESSAGE_HEAD, "tls.hello");
        const struct troth_span name = read_hello(&c);

        if (!troth_cursor_finish(&c, &fault))
            *out_name = name;
        /* The message is whole: a part of it that is too short will not grow. */
        if (fault.err == TROTH_ERR_SHORT)
            fault.err = TROTH_ERR_VALUE;
    }
    if (out_fault)
        *out_fault = fault;
    return fault.err;
}
