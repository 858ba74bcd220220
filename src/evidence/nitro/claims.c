/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/nitro/nitro.h"

#include "base/span.h"
#include "evidence/claim_list.h"

/* clang-format off */
static const char *const pcr_names[TROTH_NITRO_PCRS] = {
#define X(number) "nitro.pcr" #number,
    TROTH_NITRO_EACH_PCR(X)
#undef X
};

/* What AWS puts into each register; the rest are the enclave's own. */
static const char *const pcr_abouts[TROTH_NITRO_PCRS] = {
    [0] = "enclave image file: kernel, command line and both file systems",
    [1] = "kernel and boot file system",
    [2] = "application file system",
    [3] = "IAM role of the parent instance",
    [4] = "identity of the parent instance",
    [8] = "certificate that signed the image; zero if none did",
};
/* clang-format on */

enum { OTHER_CLAIMS = 12 };

static struct troth_value bytes_or_none(struct troth_span bytes)
{
    return bytes.ptr ? troth_value_bytes(bytes) : troth_value_none();
}

static void add_pcrs(struct troth_claim_list *list, const struct troth_nitro *d)
{
    for (size_t i = 0; i < TROTH_NITRO_PCRS; i++)
        if (d->pcrs[i].ptr)
            troth_claim_add(list, pcr_names[i],
                            pcr_abouts[i] ? pcr_abouts[i]
                                          : "register that the enclave may extend",
                            troth_value_bytes(d->pcrs[i]));
}

enum troth_err troth_nitro_claims(struct troth_claims *out, const void *fields,
                                  struct troth_arena *arena)
{
    const struct troth_nitro *d = fields;
    struct troth_claim_list list = troth_claim_list_in(arena,
                                                       TROTH_NITRO_PCRS + OTHER_CLAIMS);
    int64_t signed_s = (int64_t)(d->timestamp_ms / 1000);

    troth_claim_add(&list, "kind", "family of the evidence",
                    troth_value_text(d->is_tpm ? "nitrotpm" : "nitro"));
    troth_claim_add(&list, "time", "when the evidence was signed, by its own account",
                    troth_value_instant(signed_s));
    troth_claim_add(&list, "debug", "the host can read the enclave's console and memory",
                    troth_value_bool(troth_nitro_is_debug(d)));
    troth_claim_add(&list, "nonce", "the challenge this answers",
                    bytes_or_none(d->nonce));
    troth_claim_add(&list, "hardware_id", "identity of the chip", troth_value_none());
    troth_claim_add(&list, "nitro.module_id", "instance and enclave",
                    troth_value_text_span(d->module_id));
    troth_claim_add(&list, "nitro.timestamp_ms", "the signed time, in milliseconds",
                    troth_value_uint(d->timestamp_ms));
    troth_claim_add(&list, "nitro.digest", "hash behind the registers",
                    troth_value_text_span(d->digest));
    add_pcrs(&list, d);
    troth_claim_add(&list, "nitro.user_data", "what the enclave chose to have signed",
                    bytes_or_none(d->user_data));
    troth_claim_add(&list, "nitro.nonce", "the nonce the enclave was given",
                    bytes_or_none(d->nonce));
    troth_claim_add(&list, "nitro.public_key", "a key the enclave chose to have signed",
                    bytes_or_none(d->public_key));
    return troth_claim_list_finish(out, &list);
}
