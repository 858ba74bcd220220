/*
 * handlers.h - what each part of the machine does about an event.
 *
 * Only what needs an event is one; the others are where a stage begins.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_HANDLERS_H
#define TROTH_CHANNEL_HANDLERS_H

#include "channel/frame.h"
#include "channel/machine.h"

/* order.c: whose turn it is, and what comes next. */
troth_channel_handler troth_channel_go_on;

/* frames.c: a frame to what it means in this state, and frames of ours on their way. */
troth_channel_handler troth_channel_take_frame;
struct troth_channel_action troth_channel_take_bytes(struct troth_step *s,
                                                     struct troth_span frame);
/* A writer over `size` bytes of the arena; then what was written there is sent. */
struct troth_writer troth_channel_begin_frame(struct troth_step *s, size_t size);
struct troth_channel_action troth_channel_send(struct troth_step *s,
                                               const struct troth_writer *w);

/* hello.c */
troth_channel_handler troth_channel_begin;
troth_channel_handler troth_channel_give_hello;
struct troth_channel_action troth_channel_take_hello(struct troth_step *s,
                                                     struct troth_span frame);
troth_channel_handler troth_channel_give_done;
struct troth_channel_action troth_channel_take_done(struct troth_step *s,
                                                    struct troth_span frame);

/* own_proof.c: what this side is asked for. */
troth_channel_handler troth_channel_give_proof;
troth_channel_handler troth_channel_ask_own_exporter;
troth_channel_handler troth_channel_take_own_exporter;
troth_channel_handler troth_channel_ask_own_proof;
troth_channel_handler troth_channel_take_own_proof;
troth_channel_handler troth_channel_ask_own_signature;
troth_channel_handler troth_channel_take_own_signature;

/* peer_proof.c: what the peer was asked for. */
struct troth_channel_action troth_channel_take_proof(struct troth_step *s,
                                                     struct troth_span frame);
troth_channel_handler troth_channel_ask_exporter;
troth_channel_handler troth_channel_take_exporter;
troth_channel_handler troth_channel_weigh;
troth_channel_handler troth_channel_take_collateral;

/* open.c: both are satisfied. */
troth_channel_handler troth_channel_open;
troth_channel_handler troth_channel_take_open_frame;
struct troth_channel_action troth_channel_take_data(struct troth_step *s,
                                                    struct troth_span frame);
struct troth_channel_action troth_channel_take_end(struct troth_step *s,
                                                   struct troth_span frame);

/* recheck.c: and may no longer be. */
bool troth_channel_has_lapsed(const struct troth_step *s);
troth_channel_handler troth_channel_ask_kept;
troth_channel_handler troth_channel_take_kept;
troth_channel_handler troth_channel_weigh_again;
troth_channel_handler troth_channel_take_new_collateral;

/* refuse.c */
struct troth_channel_action troth_channel_refuse(struct troth_step *s,
                                                 enum troth_channel_reason reason);
/* The same, and where. */
struct troth_channel_action troth_channel_refuse_at(struct troth_step *s,
                                                    enum troth_channel_reason reason,
                                                    struct troth_fault fault);
/* Without a word to the peer, who is gone or knows. */
struct troth_channel_action troth_channel_close(struct troth_step *s,
                                                enum troth_channel_reason reason);
struct troth_channel_action troth_channel_take_refuse(struct troth_step *s,
                                                      struct troth_span frame);
troth_channel_handler troth_channel_refused;
troth_channel_handler troth_channel_closed;
troth_channel_handler troth_channel_slow;
troth_channel_handler troth_channel_confused;

#endif
