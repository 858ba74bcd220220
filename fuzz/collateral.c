/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file of collateral: items lie in the file or in what was decoded. */
#include "troth/collateral.h"

#include <stdlib.h>

#include "pki/cert.h"
#include "pki/crl.h"

enum { ARENA_SIZE = 128 * 1024, BEFORE = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool lies_in(const uint8_t *whole, size_t size, struct troth_span part)
{
    return part.ptr >= whole && part.len <= size && part.ptr + part.len <= whole + size;
}

static void read_item(const struct troth_collateral_item *item)
{
    struct troth_cert cert;
    struct troth_crl crl;

    if (item->kind == TROTH_COLLATERAL_CERTIFICATE) {
        if (troth_cert_parse(&cert, NULL, item->bytes))
            require(!cert.raw.ptr);
    } else if (troth_crl_parse(&crl, NULL, item->bytes)) {
        require(!crl.raw.ptr);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[ARENA_SIZE];
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault;
    size_t count = BEFORE;
    enum troth_err err = troth_collateral_read(items, &count, &fault,
                                               (struct troth_span){data, size}, &arena);

    require(err == fault.err);
    require(count >= BEFORE && count <= TROTH_COLLATERAL_MAX);
    require(!err || count == BEFORE);
    for (size_t i = BEFORE; i < count; i++) {
        require(items[i].kind == TROTH_COLLATERAL_CERTIFICATE ||
                items[i].kind == TROTH_COLLATERAL_CRL);
        require(lies_in(data, size, items[i].bytes) ||
                lies_in(memory, arena.used, items[i].bytes));
        read_item(&items[i]);
    }
    return 0;
}
