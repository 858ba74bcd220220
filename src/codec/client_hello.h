/*
 * client_hello.h - whom a TLS client asks for, from the first bytes it sends.
 *
 * Whoever passes TLS on without ending it can hold the client to the name it says here,
 * in the clear. What could be read as two names, or hides one, is refused.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_CLIENT_HELLO_H
#define TROTH_CODEC_CLIENT_HELLO_H

#include "troth/error.h"
#include "troth/span.h"

/* Of the first message, the heads of its records included. With post-quantum key shares
 * clients send two thousand bytes; none is known to send half of this. */
#define TROTH_CLIENT_HELLO_MAX ((size_t)16 * 1024)

/*
 * troth_client_hello_parse - the name in a ClientHello, as far as it has come.
 *
 *   out_name   the host name as it was sent, never empty; borrows `room`
 *   out_fault  offsets count in the records up to "tls.record", in the message behind it
 *   room       TROTH_CLIENT_HELLO_MAX bytes, where the message is put together
 *   bytes      records from the first on; what follows the message is not looked at
 *
 * Shape    one ClientHello in handshake records, however many; each of its extensions
 *          once; exactly one name, of the type host_name; no encrypted ClientHello
 * Errors   TROTH_ERR_SHORT: that is none yet, but may become one. All others are final:
 *          TROTH_ERR_TYPE: this is no ClientHello; TROTH_ERR_MISSING: it says no name;
 *          TROTH_ERR_DUPLICATE, TROTH_ERR_UNSUPPORTED (an encrypted one),
 *          TROTH_ERR_VALUE, TROTH_ERR_TRAILING, TROTH_ERR_LIMIT
 * Spec     [RFC8446] 4.1.2, 4.2, 5.1; [RFC6066] 3; [RFC9849] 5
 */
TROTH_MUST_USE enum troth_err troth_client_hello_parse(struct troth_span *out_name,
                                                       struct troth_fault *out_fault,
                                                       uint8_t *room,
                                                       struct troth_span bytes);

#endif
