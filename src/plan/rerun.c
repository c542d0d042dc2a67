/* rerun.c - a join or an OPTIONAL whose right side is run for each left row, with what the row binds as parameters.
 *
 * That pays where the left side has few rows and the right side by itself has many: what would be read whole becomes a
 * few lookups. It is the same as the join where restricting the right side can wait (restrict.c). Planning a right side
 * once more for that is not free either, so it is tried only where the right side is dear, and nested not too deep. */
#include "plan/planner.h"

#include <math.h>

enum { MOST_PARAMETERS = 4, MOST_NESTED = 4 };

tt_status tt_plan_rerun(tt_planner *p, const tt_algebra *node, tt_varset given, tt_varset wanted, double n_rows,
                        double otherwise, tt_node **out)
{
	const double n_runs = n_rows > 1 ? n_rows : 1;
	const tt_method forced = p->options->switches.forced_method;
	otherwise = forced == TT_METHOD_LEAF ? otherwise : forced == TT_METHOD_LOOKUP ? INFINITY : 0;
	bool may = false;
	*out = NULL;
	if (p->options->is_unoptimised || p->may_give.n_items || given.n_items == 0 || given.n_items > MOST_PARAMETERS ||
	    p->n_reruns >= MOST_NESTED || n_runs * TT_COST_RERUN * 10 > otherwise) {
		return TT_OK;
	}
	TT_TRY(tt_algebra_can_wait(p->arena, node, given, true, &may));
	if (!may) {
		return TT_OK;
	}
	const tt_planner saved = *p;
	TT_TRY(tt_varset_unite(p->arena, p->given, given, &p->given));
	TT_TRY(tt_varset_unite(p->arena, wanted, given, &wanted));
	p->wanted_order = TT_NO_VAR;
	p->n_reruns++;
	TT_TRY(tt_plan_node(p, node, wanted, out));
	p->given = saved.given;
	p->wanted_order = saved.wanted_order;
	p->n_reruns--;
	may = (*out)->kind != TT_NODE_EMPTY && n_runs * ((*out)->cost_estimate + TT_COST_RERUN) < otherwise;
	for (size_t i = 0; i < given.n_items; ++i) {
		may = may && tt_node_binds(*out, given.items[i]);
	}
	*out = may ? *out : NULL;
	return TT_OK;
}
