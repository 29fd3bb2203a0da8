import { type PodObject, podKind, replicaSetKind, type ServiceObject, serviceKind } from 'longshore/plugins/compute';
import { describe, expect, it } from 'vitest';
import { controlledBy, makeObject } from '../../../compute/testing/make-objects.ts';
import { createIndexedReader } from '../../testing/indexed-reader.ts';
import {
  bindingLabelOf,
  bindsInstances,
  checkBinding,
  isHeldBy,
  isInstance,
  unboundInstancesOf,
  withBinding,
} from './instance-binding.ts';

const label = 'bound.longshore.dev/web';
const service = (selector?: object) =>
  makeObject(serviceKind, { metadata: { name: 'web' }, spec: { selector } }) as ServiceObject;
const oneByOne = service({ app: 'web', [label]: 'true' });
const pod = (name: string, labels: object, status: object = { phase: 'Running' }) =>
  makeObject(podKind, { metadata: { name, labels }, status }) as PodObject;

describe('a Service that binds its instances one by one (NET-22)', () => {
  it('has a label of its own in its selector, beside those that stay', () => {
    expect(bindingLabelOf(oneByOne)).toBe(label);
    expect([service({ app: 'web' }), service(), oneByOne].map(bindsInstances)).toEqual([false, false, true]);
    expect(withBinding(oneByOne, { app: 'web' }, true)).toEqual({ app: 'web', [label]: 'true' });
    expect(withBinding(oneByOne, { app: 'web', [label]: 'true' }, false)).toEqual({ app: 'web' });
  });

  it('knows its instances whether they are bound or not', () => {
    const cases: readonly (readonly [PodObject, boolean])[] = [
      [pod('a', { app: 'web', [label]: 'true' }), true],
      [pod('b', { app: 'web', [label]: 'false' }), true],
      [pod('c', { app: 'web' }), true],
      [pod('d', { app: 'db', [label]: 'true' }), false],
      [pod('e', { app: 'web' }, { phase: 'Failed' }), false],
    ];
    expect(cases.map(([each]) => isInstance(oneByOne, each))).toEqual(cases.map(([, is]) => is));
  });

  it('lists what was taken off it, and nothing where all are bound together', async () => {
    const pods = [
      pod('b', { app: 'web', [label]: 'false' }),
      pod('a', { app: 'web' }),
      pod('c', { app: 'web', [label]: 'true' }),
    ];
    const reader = createIndexedReader('c1', pods as never);
    const found = await unboundInstancesOf(reader, oneByOne);
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(await unboundInstancesOf(reader, service({ app: 'web' }))).toEqual([]);
  });

  it('does not begin while templates or instances lack the label (refused)', () => {
    const labels = { [label]: 'true' };
    const lacking = ['a', 'b', 'c', 'd'].map((name) => ({ name, labels: {} }));
    expect(checkBinding(oneByOne, { templates: [{ name: 'web', labels }], instances: [] })).toEqual([]);
    expect(checkBinding(oneByOne, { templates: [{ name: 'web', labels: {} }], instances: lacking })).toEqual([
      {
        path: ['bindsInstances'],
        code: 'template_without_label',
        message: expect.stringContaining("Templates of 'web' lack"),
      },
      {
        path: ['bindsInstances'],
        code: 'instance_without_label',
        message: expect.stringContaining("Instances 'a', 'b', 'c' and 1 more lack"),
      },
    ]);
  });

  it('takes none off whose controller would then let it go (refused)', async () => {
    const set = (matchLabels: object) =>
      makeObject(replicaSetKind, { metadata: { name: 'web-1' }, spec: { selector: { matchLabels } } });
    for (const [selector, expected] of [
      [{ app: 'web' }, false],
      [{ app: 'web', [label]: 'true' }, true],
    ] as const) {
      const owner = set(selector);
      const owned = makeObject(podKind, { metadata: { name: 'a', ...controlledBy(owner as never) } }) as PodObject;
      expect(await isHeldBy(createIndexedReader('c1', [owner] as never), owned, label)).toBe(expected);
    }
    expect(await isHeldBy(createIndexedReader('c1', []), pod('bare', {}), label)).toBe(false);
  });
});
