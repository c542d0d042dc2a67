/* rdf_fixture.h - what the tests of rdf/ share: a context, all of whose memory is given back in the end. */
#ifndef TESTS_UNIT_RDF_FIXTURE_H
#define TESTS_UNIT_RDF_FIXTURE_H

#include "base/context.h"

static tt_ctx ctx;

static int check_no_leak(void **state)
{
	(void)state;
	assert_int_equal(ctx.n_bytes_used, 0);
	return 0;
}

#endif
