/* node.h - librdf nodes ↔ our terms.
 *
 * Contrast: term.h is how all of us hold a term; this is for those who talk to librdf: redland and store/bridge.
 * Owns:     terms borrow from the node; nodes belong to the caller.
 * Threads:  as the librdf world.
 * Fails:    NULL or false if memory is out or a node is of no RDF kind.
 * Tests:    tests/unit/test_redland.c
 */
#ifndef TT_RDF_NODE_H
#define TT_RDF_NODE_H

#include "rdf/lib.h"
#include "rdf/term.h"

/** The term of a node, borrowing its text; a NULL node gives TT_TERM_NONE. */
bool tt_term_of_node(librdf_node *node, tt_term *out_term);

/** A new node of a term; xsd:string literals become plain ones, as librdf has them. */
librdf_node *tt_node_of_term(librdf_world *world, const tt_term *term);

#endif
