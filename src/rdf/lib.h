/* lib.h - librdf and raptor2, loaded when they are first needed.
 *
 * They bring some forty other libraries with them (HTTP, TLS, Kerberos, LDAP, XSLT …), which takes a process longer
 * than opening a database and answering a query. Only RDF/XML and Redland's storages need them.
 *
 * Contrast: node.h is for terms; read.c (RDF/XML), store/bridge and redland call these functions.
 * Owns:     what is loaded stays until the process ends.
 * Threads:  any; a program that has librdf gets the same one.
 * Tests:    tests/cli/failures.sh
 */
#ifndef TT_RDF_LIB_H
#define TT_RDF_LIB_H

#include <librdf.h>
#include <raptor2.h>

#include "base/context.h"

/** Their functions, by their own names; valid once tt_lib_load() has said TT_OK. */
typedef struct tt_lib_functions {
#define TT_LIB(name) __typeof__(name) *(name);
#include "rdf/lib.def"
#undef TT_LIB
} tt_lib_functions;

extern tt_lib_functions tt_lib;

/** Load them, once. @return TT_UNSUPPORTED with the loader's reason if they are not there. */
TT_CHECKED tt_status tt_lib_load(tt_ctx *ctx);

#endif
