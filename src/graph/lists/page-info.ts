import type { ClusterProblem } from '../../kube/cluster-reader.ts';
import type { LongshoreBuilder } from '../builder.ts';
import { typeRef } from '../builder.ts';
import type { Page } from './cut-page.ts';

export type PageInfoShape = Page<unknown>;

export const pageInfoRef = typeRef<PageInfoShape>('PageInfo');
export const clusterProblemRef = typeRef<ClusterProblem>('ClusterProblem');

/** The types that every connection shares. */
export function registerListTypes(builder: LongshoreBuilder): void {
  builder.objectType(pageInfoRef, {
    description: 'Where a page stands in its list (Relay Cursor Connections).',
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether rows follow this page.' }),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether rows stand before this page.' }),
      startCursor: t.field({
        type: 'Cursor',
        nullable: true,
        description: "The first row's cursor, for `before`; null on an empty page.",
        resolve: (page) => page.edges[0]?.cursor ?? null,
      }),
      endCursor: t.field({
        type: 'Cursor',
        nullable: true,
        description: "The last row's cursor, for `after`; null on an empty page.",
        resolve: (page) => page.edges.at(-1)?.cursor ?? null,
      }),
    }),
  });

  const problemCode = builder.enumType('ClusterProblemCode', {
    description: "Why a cluster's rows are missing or old.",
    values: {
      UPSTREAM_UNAVAILABLE: { description: 'The cluster does not answer; rows shown are the last known ones.' },
      FORBIDDEN: { description: "The gateway's credentials may not list this kind there." },
      CAPABILITY_MISSING: { description: 'The cluster does not serve this kind.' },
      TOO_COMPLEX: { description: 'Too many objects to sort without a cache; narrow by namespaces or labelSelector.' },
      CLUSTER_NOT_FOUND: { description: 'No such cluster, or none that you may see.' },
    } as const,
  });
  builder.objectType(clusterProblemRef, {
    description: 'Why rows of one cluster are missing or old. A list with a problem is not an empty list.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: "The cluster's name." }),
      code: t.field({ type: problemCode, description: 'What kind of problem.', resolve: (problem) => problem.code }),
      message: t.exposeString('message', { description: 'The problem in one sentence.' }),
      staleSince: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when the rows shown are no longer fresh; null where none are shown.',
        resolve: (problem) => problem.staleSince ?? null,
      }),
    }),
  });

  builder.enumType('OrderDirection', {
    description: 'Direction of an order. Rows without a value come last in both.',
    values: {
      ASC: { description: 'Smallest first.' },
      DESC: { description: 'Largest first.' },
    } as const,
  });
}
