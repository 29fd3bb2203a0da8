import { describe, expect, it } from 'vitest';
import { computeSettings } from '../../settings.ts';
import { chooseIndicators } from './indicators.ts';
import { patternsQuery } from './usage-query.ts';

const url = 'https://prometheus.example';
const parse = (indicators: readonly object[]) =>
  computeSettings.parse({
    monitoring: { collectorImage: 'collector:1', indicators },
    prometheus: [{ cluster: 'east', url }],
  });
const views = { metric: 'page_views_total', kind: 'COUNTER' };
const many = Array.from({ length: 25 }, (_, at) => ({ metric: `m_${at}`, kind: 'GAUGE' }));
const { monitoring: settings, prometheus } = parse([views, { metric: 'app:sessions', kind: 'GAUGE' }]);

describe('indicators of apps (CMP-113)', () => {
  it('are those that are named, once each, or all', () => {
    const names = (asked?: readonly string[] | null) =>
      chooseIndicators({ settings }, asked).map(({ metric }) => metric);
    expect(names()).toEqual(['page_views_total', 'app:sessions']);
    expect(names(['app:sessions', 'app:sessions'])).toEqual(['app:sessions']);
    expect(names([])).toEqual([]);
    expect(chooseIndicators({ settings: parse(many).monitoring }, null)).toHaveLength(20);
  });

  it.each([
    ['one that is not listed', ['up']],
    ['one that is listed and more', ['page_views_total', 'container_memory_working_set_bytes']],
    ['what is no name', ['page_views_total{namespace="theirs"}']],
    ['nothing', ['']],
    ['too many', many.map(({ metric }) => metric)],
  ])('are refused for %s (CMP-113) (refused, bad input)', (_what, names) => {
    const listed = names.length > 20 ? parse(many).monitoring : settings;
    expect(() => chooseIndicators({ settings: listed }, names)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });

  it.each([
    ['without a collector', undefined],
    ['with none listed', parse([]).monitoring],
  ])('are missing %s (CMP-113) (refused)', (_what, without) => {
    expect(() => chooseIndicators({ settings: without }, null)).toThrow(
      expect.objectContaining({ code: 'CAPABILITY_MISSING' }),
    );
  });

  it.each([
    ['a matcher', [{ ...views, metric: 'a{b="c"}' }]],
    ['a name with a space', [{ ...views, metric: 'a b' }]],
    ['a digit first', [{ ...views, metric: '1a' }]],
    ['the same twice', [views, views]],
    ['another kind', [{ ...views, kind: 'HISTOGRAM' }]],
    ['more than 100', Array.from({ length: 101 }, (_, at) => ({ ...views, metric: `m${at}` }))],
  ])('are not listed with %s (CMP-113) (refused, bad input)', (_what, indicators) => {
    expect(() => parse(indicators)).toThrow(/indicators/);
  });

  it.each([
    [{ indicator: 'page_views_total', isRate: true }, 'sum(rate(page_views_total{SELECTED}[60s]))'],
    [{ indicator: 'app:sessions', isRate: false }, 'sum(app:sessions{SELECTED})'],
  ])('are asked of the collectors in the pods of the workload alone: %j', (measure, expected) => {
    const [given] = prometheus;
    if (!given) throw new Error('there are no settings');
    const options = { labels: given.labels, matchers: { cluster: 'east' }, rateSeconds: 60 };
    const selected = 'cluster="east", namespace=~"shop", pod=~"web-[0-9]+", container="monitoring-collector"';
    expect(patternsQuery(measure, [{ namespace: 'shop', pattern: 'web-[0-9]+' }], options)).toBe(
      `label_replace(${expected.replace('SELECTED', selected)}, "longshore_row", "0", "", "")`,
    );
  });
});
