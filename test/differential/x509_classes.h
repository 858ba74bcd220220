/*
 * x509_classes.h - where our validator and OpenSSL's may differ, and why.
 *
 * One row a class: a difference that fits no row fails the test.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_X509_CLASSES_H
#define TROTH_TEST_X509_CLASSES_H

#include <openssl/x509_vfy.h>

/* What OpenSSL with X509_V_FLAG_X509_STRICT complains of and we do not. */
/* clang-format off */
#define LAXER_CLASSES(X) \
    X(X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER, \
      "AMD's VCEKs have none; the issuer's name and key are checked all the same") \
    X(X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, \
      "the key itself is compared, not its name") \
    X(X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, \
      "each role says whether it needs one") \
    X(X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN, \
      "as above: no key usage at all") \
    X(X509_V_ERR_CA_BCONS_NOT_CRITICAL, \
      "it is read and heeded either way") \
    X(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, \
      "it takes a self-issued intermediate without identifiers for a root; each signature " \
      "of the path that we were given is verified")
/* clang-format on */

/* Why we refuse what OpenSSL accepts: how the clause of a check begins, or error and
 * field of a parser. */
/* clang-format off */
#define STRICTER_CLASSES(X) \
    X("issued by another name", \
      "we compare names as encoded, OpenSSL without regard to case and spaces; and it puts the certificates into order itself") \
    X("key identifiers differ", \
      "OpenSSL puts the certificates into order itself") \
    X("path length exceeded", \
      "as above, and leaves one out") \
    X("revocation list names another key", \
      "two authorities with one name: a list in the name that is not the issuer's own fails us, OpenSSL picks the other") \
    X("signature of the revocation list does not verify", \
      "as above, without identifiers") \
    X("revocation list is signed with another algorithm", \
      "as above") \
    X("no revocation list from its issuer was given", \
      "the list's issuer is spelt in another case") \
    X("unknown critical extension", \
      "we judge basicConstraints and keyUsage only, OpenSSL more") \
    X("may issue certificates, which its role may not", \
      "the role is ours to give; OpenSSL was asked for no purpose") \
    X("key of another kind than its role's", \
      "as above") \
    X("signed with another algorithm than its role's", \
      "as above") \
    X("cert: SIGNATURE cert.signature", \
      "OpenSSL verifies no root's signature of itself") \
    X("cert: ALGORITHM cert.signature", \
      "as above") \
    X("cert: SIGNATURE cert.issuer", \
      "a root whose names differ in case only") \
    X("cert: ALGORITHM cert.signed_with", \
      "ECDSA with SHA-512 is not one of ours") \
    X("cert: UNSUPPORTED cert.extensions", \
      "a root's critical extension that we do not judge and OpenSSL does") \
    X("cert: DUPLICATE cert.extensions", \
      "forbidden by RFC 5280 4.2, and overlooked where it does not know the extension") \
    X("cert: ENCODING", \
      "not DER") \
    X("crl: ENCODING", \
      "not DER") \
    X("cert: VALUE cert.key_usage", \
      "no bit at all, forbidden by RFC 5280 4.2.1.3") \
    X("cert: VALUE cert.basic_constraints", \
      "a path length for what is no authority, forbidden by RFC 5280 4.2.1.9") \
    X("cert: VALUE cert.serial", \
      "below zero, forbidden by RFC 5280 4.1.2.2") \
    X("cert: VERSION cert.version", \
      "a version other than 3, which RFC 5280 4.1.2.1 demands where there are extensions") \
    X("cert: VALUE cert.signature", \
      "unused bits in a signature") \
    X("cert: KEY cert.key", \
      "a hybrid point") \
    X("cert: VALUE cert.key", \
      "unused bits of a point") \
    X("cert: TYPE cert.extensions", \
      "a SEQUENCE that is primitive") \
    X("cert: TRAILING", \
      "bytes behind what an extension's value holds") \
    X("cert: MISSING cert.subject", \
      "RFC 5280 4.1.2.6 demands a name of every authority; no vendor's leaf lacks one") \
    X("cert: MISSING cert.issuer", \
      "RFC 5280 4.1.2.4 demands a name") \
    X("cert: TYPE cert.subject", \
      "a string type that we do not read in names") \
    X("cert: TYPE cert.issuer", \
      "as above") \
    X("crl: MISSING crl.next_update", \
      "RFC 5280 5.1.2.5 demands it") \
    X("crl: MISSING crl.issuer", \
      "RFC 5280 5.1.2.3 demands a name") \
    X("crl: ALGORITHM crl.signed_with", \
      "ECDSA with SHA-512 is not one of ours") \
    X("crl: UNSUPPORTED crl.extensions", \
      "partitioned, indirect and delta lists") \
    X("crl: UNSUPPORTED crl.entry.extensions", \
      "an entry's critical extension") \
    X("crl: DUPLICATE crl.extensions", \
      "forbidden by RFC 5280 4.2") \
    X("crl: VALUE crl.entry.revocation_date", \
      "no date; OpenSSL does not look") \
    X("crl: VALUE crl.entry.serial", \
      "below zero, forbidden by RFC 5280 4.1.2.2") \
    X("crl: VALUE crl.number", \
      "below zero, forbidden by RFC 5280 5.2.3") \
    X("crl: VALUE crl.version", \
      "below zero") \
    X("crl: VERSION crl.version", \
      "a version other than 2, which RFC 5280 5.1.2.1 demands where there are extensions") \
    X("crl: TYPE crl.issuer", \
      "a string type that we do not read in names") \
    X("crl: TYPE crl.extensions", \
      "OpenSSL looks into extensions when it uses them") \
    X("crl: TYPE crl.number", \
      "as above") \
    X("crl: TYPE crl.authority_key_id", \
      "as above") \
    X("crl: SHORT", \
      "as above") \
    X("crl: LIMIT", \
      "as above") \
    X("crl: TRAILING", \
      "as above") \
    X("crl: UNSUPPORTED crl.authority_key_id", \
      "as above; or an issuer and serial number beside the identifier") \
    X("certificate is revoked", \
      "an entry with reason removeFromCRL, which only delta lists may have")
/* clang-format on */

#endif
