/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/mutate.h"

#include <string.h>

struct text {
    uint8_t *bytes;
    size_t len, size;
};

static size_t below(struct test_random *random, size_t limit)
{
    return test_random_below(random, (unsigned)limit);
}

static uint8_t new_byte(struct test_random *random, struct troth_span alphabet)
{
    if (below(random, 4) == 0)
        return (uint8_t)below(random, 256);
    return alphabet.ptr[below(random, alphabet.len)];
}

static void overwrite(struct text *t, struct test_random *random,
                      struct troth_span alphabet)
{
    if (t->len)
        t->bytes[below(random, t->len)] = new_byte(random, alphabet);
}

static void insert(struct text *t, struct test_random *random, struct troth_span alphabet)
{
    const size_t at = below(random, t->len + 1);

    if (t->len == t->size)
        return;
    memmove(t->bytes + at + 1, t->bytes + at, t->len - at);
    t->bytes[at] = new_byte(random, alphabet);
    t->len++;
}

static void remove_some(struct text *t, struct test_random *random,
                        struct troth_span alphabet)
{
    (void)alphabet;
    if (t->len == 0)
        return;
    const size_t at = below(random, t->len);
    const size_t most = t->len - at < 4 ? t->len - at : 4;
    const size_t count = 1 + below(random, most);
    memmove(t->bytes + at, t->bytes + at + count, t->len - at - count);
    t->len -= count;
}

/* A piece once more behind itself: keys appear twice, containers nest. */
static void repeat(struct text *t, struct test_random *random, struct troth_span alphabet)
{
    (void)alphabet;
    if (t->len == 0)
        return;
    const size_t at = below(random, t->len);
    const size_t most = t->len - at < 16 ? t->len - at : 16;
    const size_t count = 1 + below(random, most);
    if (t->size - t->len < count)
        return;
    memmove(t->bytes + at + count, t->bytes + at, t->len - at);
    t->len += count;
}

static void cut(struct text *t, struct test_random *random, struct troth_span alphabet)
{
    (void)alphabet;
    if (below(random, 4) == 0)
        t->len = below(random, t->len + 1);
}

struct troth_span test_mutate(struct test_random *random, uint8_t *room, size_t room_size,
                              struct troth_span seed, struct troth_span alphabet)
{
    static void (*const changes[])(struct text *, struct test_random *,
                                   struct troth_span) = {overwrite,   overwrite, insert,
                                                         remove_some, repeat,    cut};
    struct text t = {room, seed.len < room_size ? seed.len : room_size, room_size};

    if (t.len)
        memcpy(room, seed.ptr, t.len);
    for (size_t times = 1 + below(random, 4); times > 0; times--)
        changes[below(random, COUNT(changes))](&t, random, alphabet);
    return (struct troth_span){t.bytes, t.len};
}
