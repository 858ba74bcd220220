/* SPDX-License-Identifier: Apache-2.0 */
#include "os/clock.h"

#include <time.h>

int64_t troth_clock_now_s(void)
{
    return (int64_t)time(NULL);
}
