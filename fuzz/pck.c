/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a PCK certificate, in DER or PEM, or as its extension alone: what is read
 * borrows the input and is the same every time. */
#include "evidence/dcap/pck.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "codec/pem.h"
#include "pki/cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool is_part(struct troth_span part, size_t len, struct troth_span whole)
{
    return part.len == len && part.ptr >= whole.ptr &&
           part.ptr + part.len <= whole.ptr + whole.len;
}

/* All but what a Platform CA adds has its one width. */
static void require_widths(const struct troth_pck *pck, struct troth_span extension)
{
    require(is_part(pck->ppid, 16, extension) && is_part(pck->cpu_svn, 16, extension));
    require(is_part(pck->pce_id, 2, extension) && is_part(pck->fmspc, 6, extension));
    require(!pck->platform_instance_id.ptr ||
            is_part(pck->platform_instance_id, 16, extension));
    require(pck->sgx_type <= TROTH_SGX_SCALABLE_WITH_INTEGRITY);
    require(pck->has_configuration ||
            !(pck->has_dynamic_platform || pck->has_cached_keys || pck->has_smt));
    require(pck->has_dynamic_platform || !pck->dynamic_platform);
    require(pck->has_cached_keys || !pck->cached_keys);
    require(pck->has_smt || !pck->smt);
}

static void read_extension(struct troth_span extension)
{
    struct troth_pck pck, again;
    struct troth_fault fault;
    const enum troth_err err = troth_pck_parse(&pck, &fault, extension);

    require(err == fault.err && fault.offset <= extension.len);
    require(troth_pck_parse(&again, NULL, extension) == err);
    require(memcmp(pck.components, again.components, sizeof pck.components) == 0 &&
            pck.ppid.ptr == again.ppid.ptr && pck.pce_svn == again.pce_svn);
    if (err)
        require(!pck.ppid.ptr && !pck.fmspc.ptr && !pck.pce_svn);
    else
        require_widths(&pck, extension);
}

static void read_certificate(struct troth_span der)
{
    struct troth_cert cert;

    if (troth_cert_parse(&cert, NULL, der) == TROTH_OK)
        read_extension(troth_cert_extension(&cert, TROTH_PCK_OID));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[1 << 16];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_span whole = {data, size};
    struct troth_pem_block block;

    read_extension(whole);
    read_certificate(whole);
    while (troth_pem_next(&block, &whole, &arena) == TROTH_OK)
        read_certificate(block.bytes);
    return 0;
}
