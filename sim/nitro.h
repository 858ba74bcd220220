/*
 * nitro.h - an AWS Nitro attestation document and the five certificates behind it.
 *
 * The defaults have the shape of a document of August 2025, byte for byte, and pass every
 * default check of a verifier that is given their root. The marks of the simulator are
 * keys that belong to nobody and "TROTH-SIMULATED" in the root's serial number.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_NITRO_H
#define TROTH_SIM_NITRO_H

#include "sim/cert.h"
#include "sim/keyring.h"

enum sim_nitro_place {
    SIM_NITRO_ROOT,
    SIM_NITRO_REGIONAL,
    SIM_NITRO_ZONAL,
    SIM_NITRO_INSTANCE,
    SIM_NITRO_ENCLAVE,
    SIM_NITRO_CERTS
};

/* The payload's entries, in the order in which they are written. */
enum sim_nitro_field {
    SIM_NITRO_MODULE_ID,
    SIM_NITRO_DIGEST,
    SIM_NITRO_TIMESTAMP,
    SIM_NITRO_PCRS,
    SIM_NITRO_CERTIFICATE,
    SIM_NITRO_CABUNDLE,
    SIM_NITRO_PUBLIC_KEY,
    SIM_NITRO_USER_DATA,
    SIM_NITRO_NONCE,
    SIM_NITRO_FIELDS
};

struct sim_pcr {
    bool is_present;
    uint8_t value[64];
    size_t len;
};

/* Null unless `is_bytes`; to leave the entry out, see `omitted`. */
struct sim_optional {
    bool is_bytes;
    uint8_t value[2048];
    size_t len;
};

struct sim_nitro {
    char module_id[72];
    char digest[16];
    uint64_t timestamp_ms;
    char pcrs_key[16]; /* "pcrs", or "nitrotpm_pcrs" */
    struct sim_pcr pcrs[32];
    struct sim_optional public_key, user_data, nonce;

    struct sim_cert certs[SIM_NITRO_CERTS];
    enum sim_nitro_place certificate; /* which of them is the entry of that name */
    enum sim_nitro_place cabundle[8];
    size_t cabundle_count;

    unsigned omitted;             /* bit 1 << enum sim_nitro_field: entry left out */
    bool is_definite;             /* a map that says how long it is, as before 2025 */
    struct troth_span more_pairs; /* encoded entries to add at the end, borrowed */
    size_t more_count;

    bool is_tagged; /* COSE_Sign1's tag 18 in front */
    uint8_t protected_header[32];
    size_t protected_len;
    uint8_t unprotected_header[32]; /* encoded map */
    size_t unprotected_len;
    const struct sim_key *key; /* signs the document */
    struct sim_edit edit_payload;
    struct sim_edit edit_signature;
};

/*
 * sim_nitro_default - a genuine-looking document of an enclave that is not in debug mode.
 *
 *   out     copy it freely: it owns nothing, its keys live in `ring`
 *   number  which instance and enclave; all share root, region and zone
 *   time_s  when it was signed; the root is valid from 2019-10-28 to 2049-10-28
 *
 * Shape    16 PCRs of 48 bytes: 0 to 2 distinct, 3 and 4 set, the rest zero; public_key,
 *          user_data and nonce null; lifetimes 30 years, 20 days, 6 days, 1 day, 3 hours
 */
void sim_nitro_default(struct sim_nitro *out, struct sim_keyring *ring, unsigned number,
                       int64_t time_s);

/*
 * Turn it into a NitroTPM document: 24 PCRs under "nitrotpm_pcrs". No genuine one was at
 * hand: the entry's place and the envelope are those of an enclave's document.
 */
void sim_nitro_set_tpm(struct sim_nitro *doc, struct sim_keyring *ring);

/* PCR0 to PCR2 all zero: debug mode. */
void sim_nitro_set_debug(struct sim_nitro *doc);

void sim_nitro_set_optional(struct sim_optional *out, struct troth_span value);

/* A place's key changes; what it signs, below it, is signed with the new one. */
void sim_nitro_set_key(struct sim_nitro *doc, enum sim_nitro_place place,
                       const struct sim_key *key);

/* The COSE_Sign1 message, everything signed anew; the caller frees it. */
struct sim_bytes sim_nitro_mint(const struct sim_nitro *doc);

#endif
