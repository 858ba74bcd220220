/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file of collateral: items lie in the file or in what was decoded. */
#include "troth/collateral.h"

#include <stdlib.h>

#include "evidence/dcap/qe_identity.h"
#include "evidence/dcap/tcb_info.h"
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
    static uint8_t memory[64 * 1024];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cert cert;
    struct troth_crl crl;
    struct troth_tcb_info info;
    struct troth_qe_identity identity;

    switch (item->kind) {
    case TROTH_COLLATERAL_CERTIFICATE:
        if (troth_cert_parse(&cert, NULL, item->bytes))
            require(!cert.raw.ptr);
        return;
    case TROTH_COLLATERAL_CRL:
        if (troth_crl_parse(&crl, NULL, item->bytes))
            require(!crl.raw.ptr);
        return;
    case TROTH_COLLATERAL_TCB_INFO:
        if (troth_tcb_info_parse(&info, NULL, item->bytes, &arena))
            require(!info.levels);
        return;
    case TROTH_COLLATERAL_QE_IDENTITY:
        if (troth_qe_identity_parse(&identity, NULL, item->bytes, &arena))
            require(!identity.levels);
        return;
    }
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[TROTH_COLLATERAL_ROOM(ARENA_SIZE)];
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault;
    size_t count = BEFORE;

    if (size > ARENA_SIZE)
        return 0;
    arena.size = TROTH_COLLATERAL_ROOM(size);

    enum troth_err err = troth_collateral_read(items, &count, &fault,
                                               (struct troth_span){data, size}, &arena);

    /* That room always suffices. */
    require(err == fault.err && err != TROTH_ERR_MEMORY);
    require(count >= BEFORE && count <= TROTH_COLLATERAL_MAX);
    require(!err || count == BEFORE);
    for (size_t i = BEFORE; i < count; i++) {
        require(items[i].signature.len == 0 ||
                lies_in(memory, arena.used, items[i].signature));
        require(lies_in(data, size, items[i].bytes) ||
                lies_in(memory, arena.used, items[i].bytes));
        read_item(&items[i]);
    }
    return 0;
}
