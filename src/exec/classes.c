/* classes.c - which operator serves which kind of node. */
#include "exec/op.h"

extern const tt_op_class tt_once_class, tt_scan_class, tt_count_class, tt_values_class, tt_join_class, tt_union_class,
    tt_filter_class, tt_extend_class, tt_project_class, tt_distinct_class, tt_group_class, tt_sort_class,
    tt_slice_class, tt_path_class, tt_graph_loop_class;

const tt_op_class *const tt_op_classes[TT_N_NODE_KINDS] = {
    [TT_NODE_UNIT] = &tt_once_class,          [TT_NODE_EMPTY] = &tt_once_class,
    [TT_NODE_SCAN] = &tt_scan_class,          [TT_NODE_VALUES] = &tt_values_class,
    [TT_NODE_MERGE_JOIN] = &tt_join_class,    [TT_NODE_HASH_JOIN] = &tt_join_class,
    [TT_NODE_LOOKUP_JOIN] = &tt_join_class,   [TT_NODE_LEFT_JOIN] = &tt_join_class,
    [TT_NODE_LEFT_LOOKUP] = &tt_join_class,   [TT_NODE_MINUS] = &tt_join_class,
    [TT_NODE_SEMI_JOIN] = &tt_join_class,     [TT_NODE_UNION] = &tt_union_class,
    [TT_NODE_FILTER] = &tt_filter_class,      [TT_NODE_EXTEND] = &tt_extend_class,
    [TT_NODE_PROJECT] = &tt_project_class,    [TT_NODE_DISTINCT] = &tt_distinct_class,
    [TT_NODE_GROUP] = &tt_group_class,        [TT_NODE_SORT] = &tt_sort_class,
    [TT_NODE_SLICE] = &tt_slice_class,        [TT_NODE_PATH] = &tt_path_class,
    [TT_NODE_GRAPH_LOOP] = &tt_graph_loop_class, [TT_NODE_COUNT] = &tt_count_class,
};
