import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../api/status-error.ts';
import { shapeOfType } from '../openapi/shape-of-type.ts';
import { parseFieldsV1, pathsOf, printFieldsV1 } from './field-set.ts';
import type { JsonObject } from './json.ts';
import { applyConfiguration, recordUpdate } from './managed-fields.ts';
import { formatPath } from './path-element.ts';

const shape = shapeOfType('apps/v1.Deployment');
const time = '2026-01-02T03:04:05Z';

interface State {
  readonly object: JsonObject;
  readonly managedFields: readonly JsonObject[];
}

const nothing: State = {
  object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' } },
  managedFields: [],
};

function apply(state: State, name: string, config: JsonObject, isForced = false): State {
  const manager = { name, operation: 'Apply' as const, apiVersion: 'apps/v1' };
  return applyConfiguration({
    live: state.object,
    managedFields: state.managedFields,
    config,
    sent: config,
    shape,
    manager,
    isForced,
    time,
  });
}

function update(state: State, name: string, after: JsonObject): State {
  const manager = { name, operation: 'Update' as const, apiVersion: 'apps/v1' };
  const object = { ...state.object, ...after };
  return {
    object,
    managedFields: recordUpdate({
      managedFields: state.managedFields,
      before: state.object,
      after: object,
      shape,
      manager,
      time,
    }),
  };
}

function withContainers(...containers: JsonObject[]): JsonObject {
  return { spec: { template: { spec: { containers } } } };
}

function containersOf({ object }: State): unknown {
  return (((object.spec as JsonObject).template as JsonObject).spec as JsonObject).containers;
}

function ownedBy(state: State, name: string): string[] {
  const entry = state.managedFields.find((each) => each.manager === name);
  return pathsOf(parseFieldsV1(entry?.fieldsV1)).map(formatPath).sort();
}

function refusalOf(act: () => unknown): StatusError {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('applyConfiguration', () => {
  it('owns exactly what it names', () => {
    const state = apply(nothing, 'me', {
      metadata: { labels: { a: '1' } },
      spec: { replicas: 2, selector: { matchLabels: { a: '1' } } },
    });
    expect(state.object).toEqual({
      ...nothing.object,
      metadata: { name: 'x', labels: { a: '1' } },
      spec: { replicas: 2, selector: { matchLabels: { a: '1' } } },
    });
    // A selector is replaced whole, so it is owned whole.
    expect(ownedBy(state, 'me')).toEqual(['.metadata.labels.a', '.spec.replicas', '.spec.selector']);
  });

  it('removes what it no longer names', () => {
    const first = apply(nothing, 'me', {
      metadata: { labels: { a: '1', b: '2' } },
      ...withContainers({ name: 'c', image: 'i', args: ['x'] }),
    });
    const second = apply(first, 'me', {
      metadata: { labels: { b: '2' } },
      ...withContainers({ name: 'c', image: 'i' }),
    });
    expect((second.object.metadata as JsonObject).labels).toEqual({ b: '2' });
    expect(containersOf(second)).toEqual([{ name: 'c', image: 'i' }]);
  });

  it('removes a container with all defaults in it', () => {
    const first = apply(nothing, 'me', withContainers({ name: 'a', image: 'i' }, { name: 'b', image: 'j' }));
    const defaulted = {
      ...first,
      object: {
        ...first.object,
        ...withContainers(
          { name: 'a', image: 'i', imagePullPolicy: 'Always' },
          { name: 'b', image: 'j', imagePullPolicy: 'Always' },
        ),
      },
    };
    expect(containersOf(apply(defaulted, 'me', withContainers({ name: 'b', image: 'j' })))).toEqual([
      { name: 'b', image: 'j', imagePullPolicy: 'Always' },
    ]);
  });

  it('leaves what another manager still names', () => {
    const mine = apply(nothing, 'me', { metadata: { labels: { a: '1', b: '2' } } });
    const both = apply(mine, 'you', { metadata: { labels: { a: '1' } } });
    const left = apply(both, 'me', { metadata: { labels: { b: '2' } } });
    expect((left.object.metadata as JsonObject).labels).toEqual({ a: '1', b: '2' });
    expect(ownedBy(left, 'you')).toEqual(['.metadata.labels.a']);
  });

  it('takes its name off a field it shares and is silent about', () => {
    const both = apply(apply(nothing, 'me', { spec: { replicas: 2 } }), 'you', { spec: { replicas: 2 } });
    const left = apply(both, 'me', { metadata: { labels: { a: '1' } } });
    expect((left.object.spec as JsonObject).replicas).toBe(2);
    expect(ownedBy(left, 'me')).toEqual(['.metadata.labels.a']);
  });

  it('does not conflict over an equal value', () => {
    const both = apply(apply(nothing, 'me', { spec: { replicas: 2 } }), 'you', { spec: { replicas: 2 } });
    expect(ownedBy(both, 'me')).toEqual(['.spec.replicas']);
    expect(ownedBy(both, 'you')).toEqual(['.spec.replicas']);
  });

  it('names the manager and the field of a conflict (refused)', () => {
    const mine = apply(nothing, 'me', { spec: { replicas: 2 } });
    const refusal = refusalOf(() => apply(mine, 'you', { spec: { replicas: 3 } }));
    expect(refusal.status).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "me": .spec.replicas',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "me"', field: '.spec.replicas' }] },
    });
  });

  it('lists several conflicts by manager, with the version of an update (refused)', () => {
    const mine = apply(nothing, 'me', { spec: { replicas: 2 } });
    const template = withContainers({ name: 'c', image: 'i' }).spec as JsonObject;
    const theirs = update(mine, 'kubectl', { spec: { replicas: 2, ...template } });
    const wanted = withContainers({ name: 'c', image: 'j' }).spec as JsonObject;
    const refusal = refusalOf(() => apply(theirs, 'you', { spec: { replicas: 3, ...wanted } }));
    expect(refusal.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "kubectl" using apps/v1:\n- .spec.template.spec.containers[name="c"].image\nconflicts with "me":\n- .spec.replicas',
    );
  });

  it('takes the field over when forced', () => {
    const mine = apply(nothing, 'me', { spec: { replicas: 2, paused: true } });
    const taken = apply(mine, 'you', { spec: { replicas: 3 } }, true);
    expect((taken.object.spec as JsonObject).replicas).toBe(3);
    expect(ownedBy(taken, 'me')).toEqual(['.spec.paused']);
    expect(ownedBy(taken, 'you')).toEqual(['.spec.replicas']);
  });

  it('keeps the order of the configuration and the place of what only others have', () => {
    const live = update(nothing, 'you', withContainers({ name: 'sidecar' }, { name: 'a' }));
    const state = apply(live, 'me', withContainers({ name: 'b' }, { name: 'a' }));
    expect(containersOf(state)).toEqual([{ name: 'sidecar' }, { name: 'b' }, { name: 'a' }]);
  });

  it('tells ports of one number apart by protocol', () => {
    const state = apply(
      nothing,
      'me',
      withContainers({ name: 'c', ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] }),
    );
    expect(ownedBy(state, 'me')).toContain(
      '.spec.template.spec.containers[name="c"].ports[containerPort=53,protocol="UDP"]',
    );
    const less = apply(state, 'me', withContainers({ name: 'c', ports: [{ containerPort: 53 }] }));
    expect(containersOf(less)).toEqual([{ name: 'c', ports: [{ containerPort: 53 }] }]);
  });

  it('changes nothing the second time, whatever is applied', () => {
    const scalar = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean());
    const container = fc.record(
      {
        name: fc.constantFrom('a', 'b', 'c'),
        image: scalar,
        env: fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B'), value: scalar }), {
          selector: (each) => each.name,
        }),
      },
      { requiredKeys: ['name'] },
    );
    const config = fc.record(
      {
        metadata: fc.record({ labels: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.string({ maxLength: 2 })) }),
        spec: fc.record(
          {
            replicas: fc.nat(3),
            template: fc.record({
              spec: fc.record({ containers: fc.uniqueArray(container, { selector: (each) => each.name }) }),
            }),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(config, config, (theirs, mine) => {
        const before = apply(nothing, 'you', theirs as JsonObject);
        const once = apply(before, 'me', mine as JsonObject, true);
        const twice = apply(once, 'me', mine as JsonObject, true);
        expect(twice).toEqual(once);
        // What was applied is there, and letting go of everything leaves what the other still owns.
        expect(apply(once, 'me', {}, true).managedFields.some((entry) => entry.manager === 'me')).toBe(false);
      }),
      // Nobody holds an empty list: the next application finds an object without managers.
      { examples: [[{}, withContainers()]] },
    );
  });
});

describe('recordUpdate', () => {
  it('gives the writer what it changed and takes it from everybody else', () => {
    const mine = apply(nothing, 'me', { spec: { replicas: 2, paused: true } });
    const state = update(mine, 'kubectl', { spec: { replicas: 5, paused: true } });
    expect(ownedBy(state, 'me')).toEqual(['.spec.paused']);
    expect(ownedBy(state, 'kubectl')).toEqual(['.spec.replicas']);
  });

  it('lets nobody own what was removed', () => {
    const mine = apply(nothing, 'me', { spec: { replicas: 2, paused: true } });
    const state = update(mine, 'kubectl', { spec: { replicas: 2 } });
    expect(ownedBy(state, 'me')).toEqual(['.spec.replicas']);
    expect(ownedBy(state, 'kubectl')).toEqual([]);
  });
});

describe('printFieldsV1', () => {
  it('reads back what it prints', () => {
    const json = { 'f:spec': { 'f:replicas': {}, 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:image': {} } } } };
    expect(printFieldsV1(parseFieldsV1(json))).toEqual(json);
  });
});
