import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeSettings } from '../../settings.ts';
import { type UsageMetric, usageMetrics } from './usage-metrics.ts';
import { allNodesQuery, allPodsQuery, namespacesQuery, nodesQuery, patternsQuery, podsQuery } from './usage-query.ts';

const url = 'https://prometheus.example';
const [given] = computeSettings.parse({ prometheus: [{ cluster: 'east', url }] }).prometheus;
if (!given) throw new Error('there are no settings');
const { labels } = given;
const options = { labels, matchers: {}, rateSeconds: 120 };
const own = 'container!="", container!="POD"';
const pods = [
  { namespace: 'shop', name: 'web-0' },
  { namespace: 'shop', name: 'web.1' },
];
const all = Object.keys(usageMetrics) as UsageMetric[];

/** A query without what stands in its quotes. */
function withoutTexts(query: string): string {
  return query.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""');
}

describe('queries of usage (CMP-110)', () => {
  it.each([
    [
      'CPU of pods, each by itself',
      podsQuery('CPU', pods, options),
      `sum by (namespace, pod) (1000 * rate(container_cpu_usage_seconds_total{namespace=~"shop", pod=~"web-0|web\\\\.1", ${own}}[120s]))`,
    ],
    [
      'memory of the pods of namespaces',
      namespacesQuery('MEMORY', ['shop', 'team'], options),
      `sum by (namespace) (container_memory_working_set_bytes{namespace=~"shop|team", ${own}})`,
    ],
    [
      'what comes in to all pods',
      allPodsQuery('NETWORK_RECEIVE', options),
      'sum(rate(container_network_receive_bytes_total{namespace=~".+", pod!="", interface!="lo"}[120s]))',
    ],
    [
      'the disk of nodes',
      nodesQuery('DISK', ['n1'], options),
      'sum by (node) (container_fs_usage_bytes{node=~"n1", id="/", device=~"/dev/.+"})',
    ],
    [
      'what goes out from all nodes of a cluster among others, by labels of another name',
      allNodesQuery('NETWORK_TRANSMIT', { ...options, matchers: { cluster: 'ea"st' } }),
      'sum(rate(container_network_transmit_bytes_total{cluster="ea\\"st", id="/", interface!="lo"}[120s]))',
    ],
    [
      'workloads, by the names of their pods, in one query',
      patternsQuery('MEMORY', [{ namespace: 'shop', pattern: 'db-[0-9]+' }], options),
      `label_replace(sum(container_memory_working_set_bytes{namespace=~"shop", pod=~"db-[0-9]+", ${own}}), "longshore_row", "0", "", "")`,
    ],
    [
      'nothing where nothing is named',
      nodesQuery('MEMORY', [], options),
      'sum by (node) (container_memory_working_set_bytes{node=~"[^\\\\s\\\\S]", id="/"})',
    ],
  ])('ask for %s', (_what, query, expected) => expect(query).toBe(expected));

  it('stand as a tree over many workloads, each with its place', () => {
    const rows = Array.from({ length: 5 }, (_, index) => ({ namespace: 'a', pattern: `p${index}` }));
    const query = patternsQuery('CPU', rows, options);
    expect([...query.matchAll(/"longshore_row", "(\d)"/g)].map(([, place]) => place)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
    ]);
    expect(query.match(/ or /g)).toHaveLength(4);
    const depths = [...query].map(
      (
        (depth) => (sign: string) =>
          (depth += sign === '(' ? 1 : sign === ')' ? -1 : 0)
      )(0),
    );
    expect([depths.at(-1), Math.min(...depths)]).toEqual([0, 0]);
  });

  it('let no text out of its quotes, whatever it is (bad input)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string()), { minLength: 1, maxLength: 4 }),
        (metric, texts) => {
          const matchers = { cluster: texts[0]?.[1] ?? '' };
          const asked = { ...options, matchers };
          const named = texts.map(([namespace, name]) => ({ namespace, name, pattern: 'x' }));
          const harmless = named.map(() => ({ namespace: 'n', name: 'p', pattern: 'x' }));
          for (const [hostile, tame] of [
            [podsQuery(metric, named, asked), podsQuery(metric, harmless, asked)],
            [patternsQuery(metric, named, asked), patternsQuery(metric, harmless, asked)],
            [
              nodesQuery(
                metric,
                named.map(({ name }) => name),
                asked,
              ),
              nodesQuery(metric, ['n'], asked),
            ],
            [
              namespacesQuery(
                metric,
                named.map(({ namespace }) => namespace),
                asked,
              ),
              namespacesQuery(metric, ['n'], asked),
            ],
          ] as const) {
            expect(withoutTexts(hostile)).toBe(withoutTexts(tame));
            expect(hostile.isWellFormed()).toBe(true);
          }
        },
      ),
    );
  });

  it('find exactly the names that they are given', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), fc.string(), (names, other) => {
        const [, text = ''] = /node=~("(?:[^"\\]|\\.)*")/.exec(nodesQuery('CPU', names, options)) ?? [];
        const pattern = new RegExp(`^(?:${JSON.parse(text) as string})$`, 's');
        expect(names.every((name) => pattern.test(name))).toBe(true);
        expect(pattern.test(other)).toBe(names.includes(other));
      }),
    );
  });
});
