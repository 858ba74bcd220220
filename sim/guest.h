/*
 * guest.h - what troth-sim boot puts before an image: the first process of its machine,
 * which makes what an enclave would have, and becomes the image's own.
 *
 * A device /dev/nsm, the other end of the heartbeat, and a way from the network of QEMU
 * to the image's vsock.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_GUEST_H
#define TROTH_SIM_GUEST_H

/* In the ramdisk. */
#define SIM_GUEST_FOLDER  "sim"
#define SIM_GUEST_INIT    "sim/init"
#define SIM_GUEST_WORDS   "sim/words"   /* options of a machine, each ended by a zero */
#define SIM_GUEST_MODULES "sim/modules" /* in the order of their names */
#define SIM_GUEST_NEXT    "/init"       /* the image's */

#define SIM_GUEST_ADDRESS   "10.0.2.15"
#define SIM_GUEST_PORT      8443 /* of TCP, and of the image's vsock */
#define SIM_GUEST_HEARTBEAT 9000
#define SIM_GUEST_LOCAL     1 /* VMADDR_CID_LOCAL: the machine itself */

/* Be it. What cannot be made is said on the console, and ends the machine. */
_Noreturn void sim_guest_start(void);

/*
 * Parts, each a process of its own that says it is there by one byte to `ready`, serves
 * until the machine's end, and never returns.
 */
_Noreturn void sim_guest_heartbeat(int ready);
_Noreturn void sim_guest_forward(int ready);

/* eth0 and lo are up; eth0 has the address. 0 or an errno. */
int sim_guest_network(void);

/* Tell whoever waits that this part is there. */
void sim_guest_say_ready(int ready);

#endif
