/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a signature section: what is read, written and read again says the same.
 */
#include "image/eif_signature.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Others write longer than we do, a few bytes of heads; the longest may not fit then. */
enum { LONGER = 64 };

static void read_again(const struct troth_eif_signature *was, size_t size)
{
    static uint8_t memory[TROTH_EIF_SIGNATURE_ROOM], more[TROTH_EIF_SIGNATURE_ROOM];
    struct troth_arena arena = TROTH_ARENA_OVER(memory), other = TROTH_ARENA_OVER(more);
    struct troth_eif_signature is;
    struct troth_span section, preimage;
    const enum troth_err err = troth_eif_signature_write(&section, &arena, was->algorithm,
                                                         was->pcr0, was->certificate_pem,
                                                         was->signature);

    if (err == TROTH_ERR_LIMIT && size > TROTH_EIF_SIGNATURE_MAX - LONGER)
        return;
    require(err == TROTH_OK);
    require(troth_eif_signature_read(&is, NULL, section, &other) == TROTH_OK);
    require(is.algorithm == was->algorithm &&
            memcmp(is.pcr0, was->pcr0, sizeof is.pcr0) == 0);
    require(troth_span_equal(is.certificate, was->certificate) &&
            troth_span_equal(is.signature, was->signature));
    other.used = 0;
    require(troth_eif_signature_preimage(&preimage, &other, was->algorithm, was->pcr0) ==
            TROTH_OK);
}

static enum troth_err read(struct troth_span data)
{
    static uint8_t memory[TROTH_EIF_SIGNATURE_ROOM];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_eif_signature signature;
    struct troth_fault fault;
    const enum troth_err err = troth_eif_signature_read(&signature, &fault, data, &arena);

    require(fault.err == err && fault.offset <= data.len && err != TROTH_ERR_MEMORY);
    if (err) {
        require(fault.field && !signature.certificate.ptr && !signature.payload.ptr);
        return err;
    }
    require(signature.certificate.len > 0 && signature.protected_header.len > 0);
    read_again(&signature, data.len);
    return TROTH_OK;
}

/* Of a key that nobody kept: the reader wants a whole certificate. */
static const char certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBbjCCARWgAwIBAgIUVVtfVPSmxo1HmgFQ5Cib7RWsC0AwCgYIKoZIzj0EAwIw\n"
    "DDEKMAgGA1UEAwwBYTAgFw0yNjExMjIxNjQzMjJaGA8yMTI2MTAyOTE2NDMyMlow\n"
    "DDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAu5G/l9ZzAW\n"
    "9DJiJCrMXWlO4ZZmOTQq+tS+ps5B6L8QuSOSatOBdxHHRruMwv96tBxBPd//T89p\n"
    "eJRnl0r547ejUzBRMB0GA1UdDgQWBBRj7ptafro6eDKmrKayMJB6VwY4kjAfBgNV\n"
    "HSMEGDAWgBRj7ptafro6eDKmrKayMJB6VwY4kjAPBgNVHRMBAf8EBTADAQH/MAoG\n"
    "CCqGSM49BAMCA0cAMEQCIAlXcD5+9iIgJS5wECOTipnmOnEUd2jsfLeLDzYThvtb\n"
    "AiAbebKPxuU/wWlB1ejo4TcBgUIc25Xgf2CKFgLi4qtHaw==\n"
    "-----END CERTIFICATE-----\n";

/* A good section, by the writer. */
static struct troth_span write(struct troth_arena *arena, bool is_p256)
{
    static const uint8_t numbers[96] = {1};
    const struct troth_span pem = troth_span_of_text(certificate);
    const enum troth_signature_algorithm algorithm = is_p256 ? TROTH_ECDSA_P256_SHA256
                                                             : TROTH_ECDSA_P384_SHA384;
    struct troth_span section;

    require(troth_eif_signature_write(&section, arena, algorithm, numbers, pem,
                                      (struct troth_span){numbers, is_p256 ? 64 : 96}) ==
            TROTH_OK);
    return section;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[TROTH_EIF_SIGNATURE_MAX];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);

    (void)read((struct troth_span){data, size});
    if (size == 0)
        return 0;

    const struct troth_span section = write(&arena, data[0] & 1);

    require(read(section) == TROTH_OK);
    for (size_t i = 1; i + 3 <= size; i += 3)
        memory[(size_t)(data[i] << 8 | data[i + 1]) % section.len] = data[i + 2];
    (void)read(section);
    return 0;
}
