import { describe, expect, it } from 'vitest';
import { computeSettings } from '../../settings.ts';
import { levelOfWord, logQuery, podPatternOf } from './log-query.ts';

const [loki] = computeSettings.parse({ loki: [{ cluster: 'east', url: 'https://loki.example' }] }).loki;
const labels = loki?.labels as NonNullable<typeof loki>['labels'];
const none = { ignoreCase: false };

describe('logQuery (CMP-102, CMP-106)', () => {
  it.each([
    { name: 'everything', of: 'ALL' as const, filter: none, query: '{namespace=~".+"}' },
    { name: 'what lies in no namespace', of: 'NONE' as const, filter: none, query: '{unit=~".+", namespace=""}' },
    { name: 'no namespace at all', of: [], filter: none, query: '{namespace=~"[^\\\\s\\\\S]"}' },
    {
      name: 'places by their names',
      of: ['shop', 'team.b'],
      filter: { ...none, pods: ['web-0'], containers: ['app'], hosts: ['n1'], logStores: ['front'] },
      query: '{namespace=~"shop|team\\\\.b", pod=~"web-0", container=~"app", node_name=~"n1", log_store=~"front"}',
    },
    {
      name: 'texts that mean themselves',
      of: ['shop'],
      filter: { ...none, contains: 'a"} | drop', excludes: 'x\\y', matches: '^GET .*$' },
      query: '{namespace=~"shop"} |= "a\\"} | drop" != "x\\\\y" |~ "^GET .*$"',
    },
    {
      name: 'capitals as small letters',
      of: ['shop'],
      filter: { ignoreCase: true, contains: 'a.b', excludes: 'c', matches: 'd+' },
      query: '{namespace=~"shop"} |~ "(?i)a\\\\.b" !~ "(?i)c" |~ "(?i)d+"',
    },
    {
      name: 'levels',
      of: ['shop'],
      filter: { ...none, levels: ['WARN', 'ERROR'] as const },
      query: '{namespace=~"shop"} | detected_level=~"(?i)(warn|warning|error|err)"',
    },
  ])('asks for $name', ({ of, filter, query }) => {
    expect(logQuery(of, filter, labels)).toBe(query);
  });

  it.each([
    ['Warning', 'WARN'],
    ['critical', 'FATAL'],
    ['', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
    ['odd', 'UNKNOWN'],
  ] as const)('takes %j for the level %s', (word, level) => expect(levelOfWord(word)).toBe(level));

  it.each([
    ['Deployment', 'web-7d9c6b5f4-abcde', true],
    ['Deployment', 'web-admin-7d9c6b5f4-abcde', false],
    ['StatefulSet', 'web-12', true],
    ['StatefulSet', 'web-abcde', false],
    ['DaemonSet', 'web-abcde', true],
    ['CronJob', 'web-29012345-abcde', true],
    ['Pod', 'web', true],
    ['Pod', 'web-0', false],
  ])('knows of a %s named web whether %s is one of its pods: %s', (kind, pod, isOne) => {
    expect(new RegExp(`^(?:${podPatternOf(kind, 'web')})$`).test(pod)).toBe(isOne);
  });
});

describe('pluginSettings.compute', () => {
  it.each([
    { name: 'an address that is none', loki: [{ cluster: 'a', url: 'loki' }] },
    { name: 'a cluster twice', loki: [1, 2].map(() => ({ cluster: 'a', url: 'https://loki.example' })) },
    { name: 'a misspelt key', loki: [{ cluster: 'a', url: 'https://loki.example', tokne: 'x' }] },
  ])('do not take $name (refused)', ({ loki: given }) => {
    expect(computeSettings.safeParse({ loki: given }).success).toBe(false);
  });
});
