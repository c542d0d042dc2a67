/* lib.c - librdf and raptor2, loaded when they are first needed. */
#include "rdf/lib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* It needs raptor2, so that the functions of both are found through it. */
static const char library[] = "librdf.so.0";

tt_lib_functions tt_lib;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char reason[300]; /* why they are not there; empty if they are */

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
#define TT_LIB(name) {#name, offsetof(tt_lib_functions, name)},
#include "rdf/lib.def"
#undef TT_LIB
};

static void load(void)
{
	void *const handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
	for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
		void *const function = handle ? dlsym(handle, functions[i].name) : NULL;
		if (!function) {
			const char *const text = dlerror();
			(void)snprintf(reason, sizeof reason, "%s", text ? text : functions[i].name);
			return;
		}
		memcpy((char *)&tt_lib + functions[i].offset, &function, sizeof function);
	}
}

tt_status tt_lib_load(tt_ctx *ctx)
{
	(void)pthread_once(&once, load);
	return *reason ? tt_fail(ctx, TT_UNSUPPORTED, "RDF/XML and Redland's storages need librdf: %s", reason) : TT_OK;
}
