/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* The five certificates of a document, spoilt one at a time. Rows that follow one pattern
 * for each place have the place as their number. */

#define UNREADABLE "refused: chain ?validity ?revocation ?signature"

static const struct sim_key *stranger(struct nitro_stage *s)
{
    return sim_keyring_key(s->ring, SIM_KEY_P384, "stranger");
}

static void pin_changed_root(struct nitro_stage *s)
{
    s->root = s->doc.certs[SIM_NITRO_ROOT];
}

/* Keys and names. */

/* The place has another key than the one that signs below it. */
static void replace_key(struct nitro_stage *s, int place)
{
    sim_cert_set_key(&s->doc.certs[place], stranger(s));
    if (place == SIM_NITRO_ENCLAVE)
        s->doc.key = stranger(s);
    (void)sim_extensions_remove(&s->doc.certs[place].extensions, SIM_OID_SUBJECT_KEY_ID);
}

/* Signed by whoever is two above, in the name of the one above. */
static void sign_by_grandparent(struct nitro_stage *s, int place)
{
    s->doc.certs[place].signing.key = s->doc.certs[place - 2].key;
}

/* Issued, and said to be issued, by the one two above. */
static void issue_by_grandparent(struct nitro_stage *s, int place)
{
    sim_cert_set_issuer(&s->doc.certs[place], &s->doc.certs[place - 2]);
}

static void sign_by_itself(struct nitro_stage *s, int place)
{
    sim_cert_set_issuer(&s->doc.certs[place], &s->doc.certs[place]);
}

static void other_issuer_name(struct nitro_stage *s, int place)
{
    sim_name_set_common(&s->doc.certs[place].issuer, "aws.nitro-enclave");
}

static void other_authority_key(struct nitro_stage *s, int place)
{
    sim_extensions_set_authority_key(&s->doc.certs[place].extensions, stranger(s));
}

static void no_authority_key(struct nitro_stage *s, int place)
{
    (void)sim_extensions_remove(&s->doc.certs[place].extensions,
                                SIM_OID_AUTHORITY_KEY_ID);
}

static void nameless(struct nitro_stage *s, int place)
{
    s->doc.certs[place].subject.count = 0;
    if (place < SIM_NITRO_ENCLAVE)
        sim_cert_set_issuer(&s->doc.certs[place + 1], &s->doc.certs[place]);
}

static void rsa_key(struct nitro_stage *s, int place)
{
    const struct sim_key *key = sim_keyring_key(s->ring, SIM_KEY_RSA4096, "stranger");

    sim_nitro_set_key(&s->doc, (enum sim_nitro_place)place, key);
    s->doc.certs[place + 1].signing.inner_algorithm = sim_algorithm_pss_sha384();
    s->doc.certs[place + 1].signing.outer_algorithm = sim_algorithm_pss_sha384();
}

/* Signatures of certificates. */

static void spoil_signature(struct nitro_stage *s, int place)
{
    s->doc.certs[place].signing.edit_signature = (struct sim_edit){sim_flip_last_bit,
                                                                   NULL};
}

static void zero_signature(struct sim_bytes *signature, const void *context)
{
    (void)context;
    sim_bytes_free(signature);
    sim_bytes_append(signature, test_hex("3006 020100 020100"));
}

static void sign_with_zeros(struct nitro_stage *s, int place)
{
    s->doc.certs[place].signing.edit_signature = (struct sim_edit){zero_signature, NULL};
}

static void byte_behind(struct nitro_stage *s, int place)
{
    s->doc.certs[place].signing.edit_signature = (struct sim_edit){stage_append_zero,
                                                                   NULL};
}

/* ecdsa-with-SHA256: what is signed says another hash than it is signed with. */
static const uint8_t ecdsa_sha256[] = {
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
};

static void other_hash(struct nitro_stage *s, int place)
{
    s->doc.certs[place].signing.inner_algorithm = SIM_ARRAY(ecdsa_sha256);
    s->doc.certs[place].signing.outer_algorithm = SIM_ARRAY(ecdsa_sha256);
}

static void other_hash_outside(struct nitro_stage *s, int place)
{
    s->doc.certs[place].signing.outer_algorithm = SIM_ARRAY(ecdsa_sha256);
}

static void pss_outside(struct nitro_stage *s, int place)
{
    s->doc.certs[place].signing.inner_algorithm = sim_algorithm_pss_sha384();
    s->doc.certs[place].signing.outer_algorithm = sim_algorithm_pss_sha384();
}

/* Rights. */

static void no_authority(struct nitro_stage *s, int place)
{
    sim_extensions_set_constraints(&s->doc.certs[place].extensions, SIM_PATH_NO_CA);
}

static void no_constraints(struct nitro_stage *s, int place)
{
    (void)sim_extensions_remove(&s->doc.certs[place].extensions,
                                SIM_OID_BASIC_CONSTRAINTS);
}

static void make_authority(struct nitro_stage *s, int place)
{
    sim_extensions_set_constraints(&s->doc.certs[place].extensions, SIM_PATH_UNLIMITED);
}

static void sign_nothing(struct nitro_stage *s, int place)
{
    sim_extensions_set_usage(&s->doc.certs[place].extensions, true, 1, 0x02); /* lists */
}

static void no_usage(struct nitro_stage *s, int place)
{
    (void)sim_extensions_remove(&s->doc.certs[place].extensions, SIM_OID_KEY_USAGE);
}

static void enclave_usage(struct nitro_stage *s, int bits)
{
    uint8_t unused = 0;

    while (!((unsigned)bits >> unused & 1))
        unused++;
    sim_extensions_set_usage(&s->doc.certs[SIM_NITRO_ENCLAVE].extensions, false, unused,
                             (uint8_t)bits);
}

/* Room for a place's successors, less one. */
static void shorten_path(struct nitro_stage *s, int place)
{
    sim_extensions_set_constraints(&s->doc.certs[place].extensions,
                                   SIM_NITRO_INSTANCE - place - 1);
    if (place == SIM_NITRO_ROOT)
        pin_changed_root(s);
}

static void enough_path(struct nitro_stage *s, int place)
{
    sim_extensions_set_constraints(&s->doc.certs[place].extensions,
                                   SIM_NITRO_INSTANCE - place);
    if (place == SIM_NITRO_ROOT)
        pin_changed_root(s);
}

/* Times. */

static void end(struct nitro_stage *s, int place, int64_t not_after_s)
{
    s->doc.certs[place].not_after_s = not_after_s;
    if (place == SIM_NITRO_ROOT)
        pin_changed_root(s);
}

static void start(struct nitro_stage *s, int place, int64_t not_before_s)
{
    s->doc.certs[place].not_before_s = not_before_s;
    if (place == SIM_NITRO_ROOT)
        pin_changed_root(s);
}

static void expire(struct nitro_stage *s, int place)
{
    end(s, place, MINTED_AT_S - 1);
}

static void expire_next(struct nitro_stage *s, int place)
{
    end(s, place, MINTED_AT_S);
}

static void not_yet(struct nitro_stage *s, int place)
{
    start(s, place, MINTED_AT_S + 1);
}

static void just_now(struct nitro_stage *s, int place)
{
    start(s, place, MINTED_AT_S);
}

static void never(struct nitro_stage *s, int place)
{
    start(s, place, MINTED_AT_S + 10);
    end(s, place, MINTED_AT_S - 10);
}

static void clock_moves(struct nitro_stage *s, int hours)
{
    s->at_s += INT64_C(3600) * hours;
}

static void expired_but_archival(struct nitro_stage *s, int place)
{
    expire(s, place);
    s->at_s = TRIAL_AT_DOCUMENT;
}

/* Extensions. */

static void add_extension(struct nitro_stage *s, int place, const char *oid,
                          bool is_critical)
{
    static const uint8_t nothing[] = {SIM_DER_SEQUENCE, 0};

    sim_extensions_set(&s->doc.certs[place].extensions, oid, is_critical,
                       SIM_ARRAY(nothing));
}

static void unknown_critical(struct nitro_stage *s, int place)
{
    add_extension(s, place, "1.2.3.4", true);
}

static void unknown(struct nitro_stage *s, int place)
{
    add_extension(s, place, "1.2.3.4", false);
}

static void name_constraints(struct nitro_stage *s, int place)
{
    add_extension(s, place, "2.5.29.30", true);
}

static void same_twice(struct nitro_stage *s, int place)
{
    struct sim_extensions *list = &s->doc.certs[place].extensions;

    list->rows[list->count++] = list->rows[0];
}

static void first_version(struct nitro_stage *s, int place)
{
    s->doc.certs[place].version = 0;
}

static void long_serial(struct nitro_stage *s, int place)
{
    struct sim_serial *serial = &s->doc.certs[place].serial;

    memset(serial->bytes, 0x11, 21);
    serial->len = 21;
}

/* clang-format off */
#define EACH(why, change, options, line)                      \
    {why, change, SIM_NITRO_ROOT, options, line},             \
    BELOW_ROOT(why, change, options, line)
#define BELOW_ROOT(why, change, options, line)                \
    AUTHORITIES(why, change, options, line)                   \
    {why, change, SIM_NITRO_ENCLAVE, options, line}
#define AUTHORITIES(why, change, options, line)               \
    {why, change, SIM_NITRO_REGIONAL, options, line},         \
    {why, change, SIM_NITRO_ZONAL, options, line},            \
    {why, change, SIM_NITRO_INSTANCE, options, line},

static const struct nitro_attack rows[] = {
    /* why, change, number, options, line */
    {"untouched", NULL, 0, TRIAL_ANY, "accepted"},

    AUTHORITIES("key is not the one that signs below", replace_key, TRIAL_ANY, "refused: chain")
    {"another key, and it is certified", replace_key, SIM_NITRO_ENCLAVE, TRIAL_ANY, "accepted"},
    {"signed by another certificate of the chain", sign_by_grandparent, SIM_NITRO_ZONAL, TRIAL_ANY, "refused: chain"},
    {"signed by another certificate of the chain", sign_by_grandparent, SIM_NITRO_INSTANCE, TRIAL_ANY, "refused: chain"},
    {"signed by another certificate of the chain", sign_by_grandparent, SIM_NITRO_ENCLAVE, TRIAL_ANY, "refused: chain"},
    {"issued by another certificate of the chain", issue_by_grandparent, SIM_NITRO_ZONAL, TRIAL_ANY, "refused: chain"},
    {"issued by another certificate of the chain", issue_by_grandparent, SIM_NITRO_INSTANCE, TRIAL_ANY, "refused: chain"},
    {"issued by another certificate of the chain", issue_by_grandparent, SIM_NITRO_ENCLAVE, TRIAL_ANY, "refused: chain"},
    BELOW_ROOT("signed by itself", sign_by_itself, TRIAL_ANY, "refused: chain"),
    BELOW_ROOT("names another issuer", other_issuer_name, TRIAL_ANY, "refused: chain"),
    AUTHORITIES("names another key", other_authority_key, TRIAL_ANY, "refused: chain")
    {"names another key", other_authority_key, SIM_NITRO_ENCLAVE, TRIAL_ANY, "refused: chain"},
    AUTHORITIES("names no key", no_authority_key, TRIAL_ANY, "accepted")
    BELOW_ROOT("has no name", nameless, TRIAL_ANY, UNREADABLE),
    AUTHORITIES("RSA key", rsa_key, TRIAL_ANY, "refused: chain")

    BELOW_ROOT("signature spoilt", spoil_signature, TRIAL_ANY, "refused: chain"),
    BELOW_ROOT("signature of zeros", sign_with_zeros, TRIAL_ANY, "refused: chain"),
    BELOW_ROOT("byte behind the signature", byte_behind, TRIAL_ANY, "refused: chain"),
    BELOW_ROOT("ECDSA with SHA-256", other_hash, TRIAL_ANY, "refused: chain"),
    BELOW_ROOT("algorithm differs outside", other_hash_outside, TRIAL_ANY, UNREADABLE),
    BELOW_ROOT("says it is RSA-PSS", pss_outside, TRIAL_ANY, "refused: chain"),

    AUTHORITIES("no authority", no_authority, TRIAL_ANY, "refused: chain")
    AUTHORITIES("no basic constraints", no_constraints, TRIAL_ANY, "refused: chain")
    AUTHORITIES("key usage without keyCertSign", sign_nothing, TRIAL_ANY, "refused: chain")
    AUTHORITIES("no key usage", no_usage, TRIAL_ANY, "refused: chain")
    {"enclave's is an authority", make_authority, SIM_NITRO_ENCLAVE, TRIAL_ANY, "refused: chain"},
    {"enclave's without basic constraints", no_constraints, SIM_NITRO_ENCLAVE, TRIAL_ANY, "accepted"},
    {"enclave's without key usage", no_usage, SIM_NITRO_ENCLAVE, TRIAL_ANY, "refused: chain"},
    {"enclave's for key agreement", enclave_usage, 0x08, TRIAL_ANY, "refused: chain"},
    {"enclave's with keyCertSign too", enclave_usage, 0x84, TRIAL_ANY, "refused: chain"},
    {"enclave's for no use", sign_nothing, SIM_NITRO_ENCLAVE, TRIAL_ANY, "refused: chain"},
    {"path just long enough", enough_path, SIM_NITRO_ROOT, TRIAL_ANY, "accepted"},
    {"path too long", shorten_path, SIM_NITRO_ROOT, TRIAL_ANY, "refused: chain"},
    {"path too long", shorten_path, SIM_NITRO_REGIONAL, TRIAL_ANY, "refused: chain"},
    {"path too long", shorten_path, SIM_NITRO_ZONAL, TRIAL_ANY, "refused: chain"},

    EACH("expired a second ago", expire, TRIAL_ANY, "refused: validity"),
    EACH("expires this second", expire_next, TRIAL_ANY, "accepted"),
    EACH("valid a second from now", not_yet, TRIAL_ANY, "refused: validity"),
    EACH("valid from this second", just_now, TRIAL_ANY, "accepted"),
    EACH("ends before it starts", never, TRIAL_ANY, "refused: validity"),
    EACH("expired at the document's own time", expired_but_archival, TRIAL_ANY, "refused: validity"),
    {"clock three hours on", clock_moves, 3, TRIAL_ANY, "accepted"},
    {"clock four hours on", clock_moves, 4, TRIAL_ANY, "refused: validity"},
    {"clock thirty years on", clock_moves, 30 * 8766, TRIAL_ANY, "refused: validity"},
    {"clock an hour back", clock_moves, -1, TRIAL_ANY, "refused: validity time"},

    BELOW_ROOT("unknown critical extension", unknown_critical, TRIAL_ANY, "refused: chain"),
    BELOW_ROOT("critical name constraints", name_constraints, TRIAL_ANY, "refused: chain"),
    BELOW_ROOT("unknown extension", unknown, TRIAL_ANY, "accepted"),
    BELOW_ROOT("extension twice", same_twice, TRIAL_ANY, UNREADABLE),
    BELOW_ROOT("version 1", first_version, TRIAL_ANY, UNREADABLE),
    BELOW_ROOT("serial number too long", long_serial, TRIAL_ANY, UNREADABLE),
};
/* clang-format on */

int main(void)
{
    nitro_attacks_run(rows, COUNT(rows));
    return test_finish();
}
