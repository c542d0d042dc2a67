/* bridge.h - the store interface over any storage of Redland: memory, hashes, sqlite, postgresql …
 *
 * Contrast: native.h is our own store; redland/ is the way back, our store for Redland's programs.
 * Owns:     a store its librdf world, storage and model.
 * Threads:  one thread uses a store and all that comes from it: librdf's worlds are never shared.
 * Fails:    TT_IO with what librdf logged, TT_UNSUPPORTED where a storage cannot do what is wanted.
 * Tests:    tests/unit/test_bridge.c, tests/redland/storages.sh, tests/w3c/w3c.c --storage
 */
#ifndef TT_STORE_BRIDGE_H
#define TT_STORE_BRIDGE_H

#include "store/store.h"

/** Open a Redland storage.
 *
 * @param description `TYPE[:NAME][,OPTION='VALUE']…`: librdf's name of the storage, its name and its options, as in
 *                    `hashes:people,hash-type='bdb',dir='.'`. Without `contexts` among them contexts='yes' is added;
 *                    without `hash-type` hashes are in memory.
 * @param mode TT_OPEN_READ: transactions are refused, and write='no' is added. Making a new storage is an option of
 *             librdf's (new='yes'), never done by itself.
 * @return TT_BAD_ARGUMENT (no TYPE, broken options), TT_NOT_FOUND (librdf knows no such storage), TT_IO (it cannot be
 *         opened), TT_NO_MEMORY.
 */
TT_CHECKED tt_status tt_store_open_storage(tt_ctx *ctx, const char *description, tt_open_mode mode,
                                           tt_store **out_store);

#endif
