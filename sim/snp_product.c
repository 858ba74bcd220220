/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/snp_product.h"

#define SPL "1.3.6.1.4.1.3704.1.3."

/* Bytes 2 to 5 of the TCB are reserved, and the certificate calls them 4 to 7. */
#define ZEN3_SPLS                                                                        \
    {                                                                                    \
        {SPL "1", 0}, {SPL "2", 1}, {SPL "4", 2}, {SPL "5", 3}, {SPL "6", 4},            \
            {SPL "7", 5}, {SPL "3", 6}, {SPL "8", 7},                                    \
    }
#define ZEN5_SPLS                                                                        \
    {                                                                                    \
        {SPL "9", 0}, {SPL "1", 1}, {SPL "2", 2}, {SPL "3", 3}, {SPL "5", 4},            \
            {SPL "6", 5}, {SPL "7", 6}, {SPL "8", 7},                                    \
    }

static const struct sim_snp_product_facts products[] =
    {
        [SIM_MILAN] =
            {
                .name = "Milan",
                .vcek_name = "Milan-B0",
                .family = 0x19,
                .model = 0x01,
                .stepping = 0x01,
                .version = 3,
                .struct_version = 0,
                .hardware_id_len = 64,
                .tcb = {0x04, 0, 0, 0, 0, 0, 0x18, 0xdb},
                .build = 0x1d,
                .minor = 0x37,
                .major = 0x01,
                .ark_serial = {1, 0, 0},
                .ask_serial = {1, 0, 1},
                .asvk_serial = {1, 1, 1},
                .ark = {1603387385, 2392305785},
                .ask = {1603391060, 2392309460},
                .asvk = {1668638724, 2457557124},
                .spls = ZEN3_SPLS,
                .tcb_byte = {-1, 0, 1, 6, 7},
            },
        [SIM_GENOA] =
            {
                .name = "Genoa",
                .vcek_name = "Genoa",
                .family = 0x19,
                .model = 0x11,
                .stepping = 0x01,
                .version = 3,
                .struct_version = 0,
                .hardware_id_len = 64,
                .tcb = {0x0a, 0, 0, 0, 0, 0, 0x17, 0x54},
                .build = 0x28,
                .minor = 0x37,
                .major = 0x01,
                .ark_serial = {2, 0, 0},
                .ask_serial = {2, 0, 2},
                .asvk_serial = {2, 1, 1},
                .ark = {1643211277, 2432129677},
                .ask = {1667223228, 2456141628},
                .asvk = {1668804514, 2457722914},
                .spls = ZEN3_SPLS,
                .tcb_byte = {-1, 0, 1, 6, 7},
            },
        [SIM_TURIN] =
            {
                .name = "Turin",
                .vcek_name = "Turin",
                .family = 0x1a,
                .model = 0x02,
                .stepping = 0x01,
                .version = 5,
                .struct_version = 1,
                .hardware_id_len = 8,
                .tcb = {0x01, 0x01, 0x01, 0x04, 0, 0, 0, 0x51},
                .build = 0x41,
                .minor = 0x37,
                .major = 0x01,
                .mit_vector = 0x3f,
                .ark_serial = {3, 0, 0},
                .ask_serial = {3, 0, 1},
                .asvk_serial = {3, 1, 1},
                .ark = {1684180992, 2473185792},
                .ask = {1684182321, 2473187121},
                .asvk = {1684184981, 2473189781},
                .spls = ZEN5_SPLS,
                .tcb_byte = {0, 1, 2, 3, 7},
            },
};

const struct sim_snp_product_facts *sim_snp_product_facts(enum sim_snp_product product)
{
    return &products[product];
}
