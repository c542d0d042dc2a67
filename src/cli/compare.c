/* compare.c - `tertium compare`. */
#include "cli/cli.h"

#include "shell/compare.h"
#include "shell/console.h"

int tt_cli_compare(const tt_arguments *arguments)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	tt_compare_options options = arguments->compare;
	tt_db *db = NULL;
	int status = tt_data_open(&choice, TT_OPEN_READ, &db);
	if (status != TT_EXIT_OK) {
		return status;
	}
	options.format = arguments->is_sparql ? TT_COMPARE_SPARQL : options.format;
	options.via = arguments->via.items;
	options.n_via = arguments->via.n_items;
	options.properties = arguments->properties.items;
	options.n_properties = arguments->properties.n_items;
	options.is_flat = arguments->depth == 1;
	options.depth = arguments->depth ? arguments->depth - 1 : 0;
	options.timeout_seconds = arguments->timeout_seconds;
	options.memory_bytes = arguments->memory_bytes;
	tt_stop_by_force(arguments->timeout_seconds);
	status = tt_compare_show(db, arguments->operands, arguments->n_operands, &options, false);
	tt_db_close(db);
	return status;
}
