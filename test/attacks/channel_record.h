/*
 * channel_record.h - a TLS 1.3 record made by hand, for messages that OpenSSL would not
 * send.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_ATTACKS_CHANNEL_RECORD_H
#define TROTH_TEST_ATTACKS_CHANNEL_RECORD_H

#include "test/support/channel_leg.h"

/* Before leg_open(): its traffic secrets are written down from now on. One leg at a time.
 */
void record_listen(struct leg *leg);

/* One record with this message of TLS's handshake, under the leg's own keys as they were
 * first. Nothing else can be sent afterwards. */
void record_send_handshake(struct leg *leg, struct troth_span message);

#endif
