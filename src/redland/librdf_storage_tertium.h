/* librdf_storage_tertium.h - our store as a Redland storage named "tertium".
 *
 * Contrast: store/bridge goes the other way: our SPARQL over a foreign Redland storage.
 * Owns:     a librdf storage owns its tt_store; streams own their snapshots.
 * Threads:  as the librdf world: never shared between threads.
 * Fails:    librdf's way: non-zero or NULL, with a message to the world's log.
 * Tests:    tests/redland/
 */
#ifndef TT_REDLAND_LIBRDF_STORAGE_TERTIUM_H
#define TT_REDLAND_LIBRDF_STORAGE_TERTIUM_H

#include <librdf.h>

/** The entry point that librdf looks for in a module found by REDLAND_MODULE_PATH. */
void librdf_storage_module_register_factory(librdf_world *world);

#endif
