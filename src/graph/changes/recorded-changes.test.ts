import { describe, expect, it } from 'vitest';
import { recordedChanges } from './recorded-changes.ts';

const container = (value: string, name = 'DB_PASSWORD') => ({
  spec: { containers: [{ name: 'web', env: [{ name, value }] }] },
});
const changesOf = (before: unknown, after: unknown) =>
  recordedChanges([{ before, after }]).list.map(({ path, before: was, after: is }) => [path, was, is]);

describe('recordedChanges', () => {
  it('keeps plain fields as they are (CORE-18)', () => {
    expect(changesOf({ spec: { replicas: 2 } }, { spec: { replicas: 3 } })).toEqual([['/spec/replicas', 2, 3]]);
  });

  it.each<{ name: string; before: unknown; after: unknown }>([
    { name: 'the value of a variable by its name', before: container('canary-1'), after: container('canary-22') },
    {
      name: 'a variable that goes',
      before: container('canary-1'),
      after: { spec: { containers: [{ name: 'web', env: [] }] } },
    },
    {
      name: 'a variable that comes',
      before: { spec: { containers: [{ name: 'web', env: [] }] } },
      after: container('canary-1'),
    },
    {
      name: 'a container that goes with its variables',
      before: container('canary-1'),
      after: { spec: { containers: [] } },
    },
    {
      name: 'a key of a ConfigMap',
      before: { data: { 'api-key': 'canary-1' } },
      after: { data: { 'api-key': 'canary-2' } },
    },
    { name: 'what lies below a secret key', before: {}, after: { spec: { credentials: { user: 'canary-1' } } } },
    { name: 'values of a chart', before: { values: { auth: { rootPassword: 'canary-1' } } }, after: {} },
    {
      name: 'an annotation with the manifest last applied',
      before: {},
      after: { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"a":"canary"}' } } },
    },
    {
      name: 'a URL with a password',
      before: { data: { url: 'postgres://shop:canary-1@db/shop' } },
      after: { data: { url: 'postgres://shop:canary-2@db/shop' } },
    },
    { name: 'a kubeconfig', before: undefined, after: { kubeconfig: 'canary' } },
    { name: 'arguments with a password in a URL', before: { args: [] }, after: { args: ['--db=https://a:canary@b'] } },
  ])('masks $name (P23)', ({ before, after }) => {
    const changes = recordedChanges([{ before, after }]).list;
    expect(changes.length).toBeGreaterThan(0);
    expect(JSON.stringify(changes)).not.toContain('canary');
    expect(JSON.stringify(changes)).toContain('********');
  });

  it('tells the length of what is masked, so that a change shows', () => {
    expect(changesOf(container('four'), container('seven77'))).toEqual([
      ['/spec/containers/0/env/0/value', '******** (4 bytes)', '******** (7 bytes)'],
    ]);
  });

  it.each([
    { volumes: [{ name: 'v', secret: { secretName: 'db' } }] },
    { imagePullSecrets: [{ name: 'db' }] },
    { env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'main' } } }] },
  ])('keeps the name of a Secret that %j points to', (spec) => {
    expect(JSON.stringify(recordedChanges([{ before: {}, after: { spec } }]).list)).toContain('"db"');
  });

  it('names the object of each change, and says where there are more than it keeps', () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`key-${index}`, 'x']));
    const { list, isCut } = recordedChanges([
      { before: { a: 1 }, after: { a: 2 }, object: 'one' },
      { before: {}, after: { data: many }, object: 'two' },
    ]);
    expect(list[0]).toMatchObject({ path: '/a', object: 'one' });
    expect(list.at(-1)).toMatchObject({ object: 'two' });
    expect([list.length, isCut]).toEqual([500, true]);
  });
});
