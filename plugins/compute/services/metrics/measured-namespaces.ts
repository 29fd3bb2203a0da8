import { type RequestContext, RequestError, subjectOf } from 'longshore/sdk';
import { podKind } from '../../api.ts';
import { namespacesIn } from '../read-namespaces.ts';
import { podMetricsKind } from '../usage.ts';

const subject = subjectOf(podKind);
/** Each is a series of the answer, and of a cluster that sees the caller itself a question. */
const mostNamespaces = 500;

/**
 * The namespaces of whose pods this caller may read metrics; `'ALL'` where that is the whole cluster. Where the cluster sees the
 * caller itself, it must let it list PodMetrics there too: whoever scraped them could read them all.
 */
export async function measuredNamespaces(cluster: string, context: RequestContext): Promise<readonly string[] | 'ALL'> {
  const filter = context.access.readFilter(subject, cluster, 'READ_METRICS');
  if (filter === 'none') return [];
  const { principal } = context;
  const found = context.cluster(cluster);
  if (filter === 'all' && (await found.canRead(principal, podMetricsKind, undefined))) return 'ALL';
  const known =
    filter !== 'all' && 'namespaces' in filter ? [...filter.namespaces] : await namespacesIn(cluster, context);
  const granted =
    filter !== 'all' && 'test' in filter
      ? known.filter((namespace) => filter.test({ subject, cluster, namespace }))
      : known;
  if (granted.length > mostNamespaces) {
    throw new RequestError(
      'TOO_COMPLEX',
      `${granted.length} namespaces are yours here: at most ${mostNamespaces} are summed up`,
    );
  }
  const answers = await Promise.all(granted.map((namespace) => found.canRead(principal, podMetricsKind, namespace)));
  return granted.filter((_namespace, index) => answers[index]).sort();
}
