/* device.h - what every device that vouches for a machine must be able to do. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_DEVICE_H
#define TROTH_ATTESTER_DEVICE_H

#include "troth/attester.h"

/*
 * Each fallible member returns false and fills `fault`. `deadline_ms` is an instant of
 * CLOCK_MONOTONIC: what is transient (EINTR, EBUSY, a rival writer) is tried again until
 * then, a bounded number of times, and a device that hangs is left at that instant.
 */
struct troth_device_ops {
    const char *name; /* "tsm" */

    /* Is it there? Opens nothing and has no effect. */
    bool (*is_present)(void);

    bool (*open)(void **out_state, struct troth_attester_fault *fault);
    void (*close)(void *state);

    /* NULL where nothing is opened later on. */
    bool (*give)(void *state, struct troth_attester_fault *fault, uint32_t user,
                 uint32_t group);

    const char *(*kind)(const void *state);     /* "tdx" */
    const char *(*measured)(const void *state); /* "tdx.rtmr3"; NULL: no register */

    /* `out` is released by troth_quote_release(). */
    bool (*quote)(void *state, struct troth_quote *out,
                  struct troth_attester_fault *fault,
                  const uint8_t report_data[static 64], int64_t deadline_ms);
    /* NULL where the device has no register, no way to seal it, no random bytes. */
    bool (*extend)(void *state, struct troth_attester_fault *fault,
                   const uint8_t digest[static 48]);
    bool (*seal)(void *state, struct troth_attester_fault *fault);
    bool (*random)(void *state, struct troth_attester_fault *fault, uint8_t *out,
                   size_t len);
};

extern const struct troth_device_ops troth_device_nsm; /* /dev/nsm */
extern const struct troth_device_ops troth_device_tsm; /* configfs: TDX and SNP */
extern const struct troth_device_ops troth_device_snp; /* /dev/sev-guest */
extern const struct troth_device_ops troth_device_tdx; /* /dev/tdx_guest */

#endif
