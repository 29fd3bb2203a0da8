import { describe, expect, it } from 'vitest';
import { shapeOfType } from '../openapi/shape-of-type.ts';
import type { JsonObject } from './json.ts';
import { applyStrategicMergePatch, StrategicPatchError } from './strategic-merge-patch.ts';

const pod = shapeOfType('core/v1.Pod');
const two = {
  spec: {
    containers: [
      { name: 'a', image: 'x:1', args: ['1'] },
      { name: 'b', image: 'y:1' },
    ],
  },
};

function containersOf(patch: JsonObject): unknown {
  return (applyStrategicMergePatch(two, patch, pod).spec as JsonObject).containers;
}

describe('applyStrategicMergePatch', () => {
  it('merges containers by name', () => {
    expect(containersOf({ spec: { containers: [{ name: 'b', image: 'y:2' }] } })).toEqual([
      { name: 'a', image: 'x:1', args: ['1'] },
      { name: 'b', image: 'y:2' },
    ]);
  });

  it('adds a container with a new name before the others', () => {
    expect(containersOf({ spec: { containers: [{ name: 'c', image: 'z' }] } })).toEqual([
      { name: 'c', image: 'z' },
      ...two.spec.containers,
    ]);
  });

  it('replaces lists that have no merge key', () => {
    expect(containersOf({ spec: { containers: [{ name: 'a', args: ['2', '3'] }] } })).toContainEqual({
      name: 'a',
      image: 'x:1',
      args: ['2', '3'],
    });
  });

  it.each<[string, JsonObject, unknown]>([
    [
      'removes an element with $patch: delete',
      { containers: [{ name: 'a', $patch: 'delete' }] },
      [{ name: 'b', image: 'y:1' }],
    ],
    ['replaces a list with $patch: replace', { containers: [{ name: 'c' }, { $patch: 'replace' }] }, [{ name: 'c' }]],
    [
      'orders elements with $setElementOrder',
      { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [{ name: 'b', image: 'y:2' }] },
      [
        { name: 'b', image: 'y:2' },
        { name: 'a', image: 'x:1', args: ['1'] },
      ],
    ],
  ])('%s', (_name, spec, containers) => {
    expect(containersOf({ spec })).toEqual(containers);
  });

  it('removes a member with null and keeps the rest', () => {
    const patched = applyStrategicMergePatch(
      { metadata: { labels: { a: '1', b: '2' } } },
      { metadata: { labels: { a: null } } },
      pod,
    );
    expect(patched).toEqual({ metadata: { labels: { b: '2' } } });
  });

  it('drops the volume sources that $retainKeys does not name', () => {
    const patched = applyStrategicMergePatch(
      { spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
      { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] } },
      pod,
    );
    expect(patched).toEqual({ spec: { volumes: [{ name: 'v', configMap: { name: 'c' } }] } });
  });

  it('adds to finalizers, and takes from them by $deleteFromPrimitiveList', () => {
    const target = { metadata: { finalizers: ['a', 'b'] } };
    expect(applyStrategicMergePatch(target, { metadata: { finalizers: ['c', 'a'] } }, pod)).toEqual({
      metadata: { finalizers: ['c', 'a', 'b'] },
    });
    expect(
      applyStrategicMergePatch(target, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } }, pod),
    ).toEqual({ metadata: { finalizers: ['b'] } });
  });

  it('replaces a template whole with $patch: replace, as a rollback does', () => {
    const target = {
      spec: { template: { metadata: { labels: { old: '1' } }, spec: { containers: [{ name: 'a' }] } } },
    };
    const template = { $patch: 'replace', spec: { containers: [{ name: 'b' }] } };
    expect(applyStrategicMergePatch(target, { spec: { template } }, shapeOfType('apps/v1.Deployment'))).toEqual({
      spec: { template: { spec: { containers: [{ name: 'b' }] } } },
    });
  });

  it('does not know the directive (refused)', () => {
    expect(() => applyStrategicMergePatch({}, { $patch: 'shred' }, pod)).toThrow(StrategicPatchError);
  });

  it('misses the merge key (refused)', () => {
    expect(() => containersOf({ spec: { containers: [{ image: 'z' }] } })).toThrow(/merge key: name/);
  });
});
