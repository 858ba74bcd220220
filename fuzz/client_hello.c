/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the first of a TLS client; also cut, and in other records. */
#include "codec/client_hello.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static enum troth_err parse(struct troth_span *name, uint8_t *room,
                            struct troth_span bytes)
{
    struct troth_fault fault;
    const enum troth_err err = troth_client_hello_parse(name, &fault, room, bytes);

    require(fault.err == err && (err == TROTH_OK) == (name->len > 0));
    require(err != TROTH_ERR_SHORT || bytes.len < TROTH_CLIENT_HELLO_MAX);
    require(name->len == 0 || (name->ptr >= room &&
                               name->ptr + name->len <= room + TROTH_CLIENT_HELLO_MAX));
    return err;
}

/* What is refused stays refused whatever follows, and what is read stays read. */
static void check_cuts(struct troth_span bytes, enum troth_err err)
{
    static uint8_t room[TROTH_CLIENT_HELLO_MAX];
    struct troth_span name;

    for (size_t len = bytes.len; len > 0; len -= 1 + len / 8) {
        const enum troth_err before = parse(&name, room,
                                            troth_span_slice(bytes, 0, len - 1));

        require(before == TROTH_ERR_SHORT || before == err ||
                (before != TROTH_OK && err != TROTH_OK));
    }
}

/* The same message, cut into records in another way, says the same. */
static void check_records(const uint8_t *message, struct troth_span name, size_t record)
{
    static uint8_t again[TROTH_CLIENT_HELLO_MAX], room[TROTH_CLIENT_HELLO_MAX];
    const size_t whole = 4 + ((size_t)message[1] << 16 | (size_t)message[2] << 8 |
                              message[3]);
    struct troth_span seen;
    size_t at = 0;

    for (size_t done = 0; done < whole; done += record) {
        const size_t len = record < whole - done ? record : whole - done;

        if (at + 5 + len > sizeof again)
            return;
        memcpy(again + at, (const uint8_t[]){22, 3, 3, (uint8_t)(len >> 8), (uint8_t)len},
               5);
        memcpy(again + at + 5, message + done, len);
        at += 5 + len;
    }
    require(parse(&seen, room, (struct troth_span){again, at}) == TROTH_OK);
    require(troth_span_equal(seen, name));
}

/* The bytes as the extensions of a hello that is sound up to them. */
static void check_extensions(struct troth_span bytes)
{
    static uint8_t hello[TROTH_CLIENT_HELLO_MAX], room[TROTH_CLIENT_HELLO_MAX];
    const size_t head = 5 + 4 + 2 + 32 + 1 + 4 + 2 + 2, message = head - 5 + bytes.len;
    struct troth_span name;

    if (head + bytes.len > sizeof hello)
        return;
    memset(hello, 0, head);
    memcpy(hello,
           (const uint8_t[]){22, 3, 1, (uint8_t)(message >> 8), (uint8_t)message, 1}, 6);
    hello[7] = (uint8_t)((message - 4) >> 8);
    hello[8] = (uint8_t)(message - 4);
    memcpy(hello + 9, (const uint8_t[]){3, 3}, 2);
    memcpy(hello + head - 8, (const uint8_t[]){0, 2, 19, 1, 1, 0}, 6);
    hello[head - 2] = (uint8_t)(bytes.len >> 8);
    hello[head - 1] = (uint8_t)bytes.len;
    memcpy(hello + head, bytes.ptr, bytes.len);
    if (parse(&name, room, (struct troth_span){hello, head + bytes.len}) == TROTH_OK) {
        check_records(room, name, 1 + bytes.len % 200);
        check_records(room, name, TROTH_CLIENT_HELLO_MAX - 5);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[TROTH_CLIENT_HELLO_MAX];
    const struct troth_span bytes = {data, size};
    struct troth_span name;
    const enum troth_err err = parse(&name, room, bytes);

    check_cuts(bytes, err);
    if (size > 0)
        check_extensions(bytes);
    if (err == TROTH_OK) {
        check_records(room, name, 1 + size % 200);
        check_records(room, name, TROTH_CLIENT_HELLO_MAX - 5);
    }
    return 0;
}
