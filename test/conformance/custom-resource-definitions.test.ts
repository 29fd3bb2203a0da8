import { expect } from 'vitest';
import { causesOf } from './support/causes-of.ts';
import type { Answer } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { refusedDefinition } from './support/refused-definition.ts';
import { serveDefinition } from './support/serve-definition.ts';
import { definitions, objectOf, serveKind, versionWith } from './support/serve-kind.ts';

const { conformanceCase } = conformanceArea('definitions of custom resources, and their versions');

const page = 'tasks/extend-kubernetes/custom-resources/custom-resource-definitions';
const warningsOf = ({ headers }: Answer): string => String(headers.warning ?? '');

const twoVersions = (change: Json = {}): Json => ({
  versions: [
    versionWith(objectOf({ a: { type: 'string' } })),
    {
      ...versionWith(objectOf({ a: { type: 'string' }, b: { type: 'string' } })),
      name: 'v2',
      storage: false,
      ...change,
    },
  ],
});

conformanceCase(
  {
    title: 'shows an object in every version that is served, by its label alone',
    source: 'custom-resource-definition-versioning: None conversion',
  },
  async (t) => {
    const namespace = await t.namespace();
    const kind = await serveDefinition(t, 'Versioned', twoVersions());
    const object = (version: string, name: string) => ({
      apiVersion: `${kind.group}/${version}`,
      kind: 'Versioned',
      metadata: { name },
      spec: { a: 'x' },
    });
    expect((await t.api.create(kind.path(namespace, 'v1'), object('v1', 'first'))).body.spec).toEqual({ a: 'x' });
    const second = await t.api.get(`${kind.path(namespace, 'v2')}/first`);
    expect(second.body).toMatchObject({ apiVersion: `${kind.group}/v2`, spec: { a: 'x' } });
    expect((await t.api.get(kind.path(namespace, 'v2'))).body).toMatchObject({
      apiVersion: `${kind.group}/v2`,
      items: [{ apiVersion: `${kind.group}/v2` }],
    });
    const other = await t.api.create(kind.path(namespace, 'v1'), object('v2', 'wrong'));
    expect(other.status).toBe(400);
  },
);

conformanceCase(
  {
    title: 'prefers the newest stable version of a group',
    source: 'custom-resource-definition-versioning: version priority',
  },
  async (t) => {
    const kind = await serveDefinition(t, 'Preferred', {
      versions: ['v1beta1', 'v1', 'v2alpha1', 'v10'].map((name) => ({
        ...versionWith(objectOf({})),
        name,
        storage: name === 'v1',
      })),
    });
    await eventually(async () => {
      const { body } = await t.api.get(`/apis/${kind.group}`);
      expect(body.versions.map(({ version }: Json) => version)).toEqual(['v10', 'v1', 'v1beta1', 'v2alpha1']);
      expect(body.preferredVersion.version).toBe('v10');
    });
  },
);

conformanceCase(
  {
    title: 'does not serve a version that is not served (refused)',
    source: 'custom-resource-definition-versioning: served',
  },
  async (t) => {
    const kind = await serveDefinition(t, 'Unserved', twoVersions({ served: false }));
    expect((await t.api.get(kind.path(undefined, 'v1'))).status).toBe(200);
    expect((await t.api.get(kind.path(undefined, 'v2'))).status).toBe(404);
  },
);

conformanceCase(
  {
    title: 'warns of a version that is deprecated',
    source: 'custom-resource-definition-versioning: version deprecation',
  },
  async (t) => {
    const kind = await serveDefinition(
      t,
      'Deprecated',
      twoVersions({ deprecated: true, deprecationWarning: 'use v1 instead' }),
    );
    expect(warningsOf(await t.api.get(kind.path(undefined, 'v2')))).toContain('use v1 instead');
    expect(warningsOf(await t.api.get(kind.path(undefined, 'v1')))).toBe('');
  },
);

conformanceCase(
  {
    title: 'remembers every version that was stored, and keeps it',
    source: 'custom-resource-definition-versioning: storedVersions',
  },
  async (t) => {
    const kind = await serveDefinition(t, 'Stored', twoVersions());
    const path = `${definitions}/${kind.plural}.${kind.group}`;
    await t.api.change(path, ({ spec }) => {
      spec.versions[0].storage = false;
      spec.versions[1].storage = true;
    });
    await eventually(async () => expect((await t.api.get(path)).body.status.storedVersions).toEqual(['v1', 'v2']));
    const without = await t.api.patch('json', path, [{ op: 'remove', path: '/spec/versions/0' }]);
    expect(without.status).toBe(422);
    expect(causesOf(without).join()).toContain(
      'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions',
    );
  },
);

conformanceCase(
  {
    title: 'says of a definition that its names are granted and that it is established',
    source: 'apiextensions.k8s.io/v1 CustomResourceDefinitionStatus',
  },
  async (t) => {
    const { definition } = await serveDefinition(t, 'Known');
    expect(definition.status.conditions.map(({ type, status, reason }: Json) => [type, status, reason])).toEqual([
      ['NamesAccepted', 'True', 'NoConflicts'],
      ['Established', 'True', 'InitialNamesAccepted'],
    ]);
    expect(definition.status.acceptedNames).toMatchObject({
      plural: 'knowns',
      singular: 'known',
      kind: 'Known',
      listKind: 'KnownList',
    });
    expect(definition.status.storedVersions).toEqual(['v1']);
  },
);

conformanceCase(
  {
    title: 'does not grant a name that another definition of the group has',
    source: 'apiextensions.k8s.io/v1: NamesAccepted',
  },
  async (t) => {
    const first = await serveDefinition(t, 'Lamp');
    const name = `lights.${first.group}`;
    await t.create(definitions, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name },
      spec: {
        ...first.definition.spec,
        names: { plural: 'lights', singular: 'light', kind: 'Lamp', listKind: 'LightList' },
      },
    });
    await eventually(async () => {
      const { body } = await t.api.get(`${definitions}/${name}`);
      const accepted = body.status.conditions?.find(({ type }: Json) => type === 'NamesAccepted');
      expect(accepted).toMatchObject({ status: 'False', reason: 'KindConflict', message: '"Lamp" is already in use' });
    });
    expect((await t.api.get(`/apis/${first.group}/v1/lights`)).status).toBe(404);
  },
);

conformanceCase(
  {
    title: 'deletes all objects of a definition before the definition goes',
    source: `${page}: delete a CustomResourceDefinition`,
  },
  async (t) => {
    const kind = await serveKind(t, 'Cleaned', versionWith(objectOf({ a: { type: 'string' } })));
    await kind.create({ a: 'x' }, {}, { metadata: { finalizers: ['example.com/hold'] } });
    const path = `${definitions}/${kind.plural}.${kind.group}`;
    expect((await t.api.get(path)).body.metadata.finalizers).toBeUndefined();
    const deleted = await t.api.delete(path);
    expect(deleted.body.metadata?.finalizers ?? deleted.body.status).toBeDefined();
    await eventually(async () =>
      expect((await t.api.get(kind.at('x1'))).body.metadata.deletionTimestamp).toBeDefined(),
    );
    const { body } = await t.api.get(path);
    expect(body.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    expect(body.status.conditions).toContainEqual(expect.objectContaining({ type: 'Terminating', status: 'True' }));
    await t.api.patch('merge', kind.at('x1'), { metadata: { finalizers: null } });
    await eventually(async () => expect((await t.api.get(path)).status).toBe(404), 60_000);
  },
);

const refusals: readonly [title: string, spec: Json, field: string, words: string][] = [
  [
    'no schema',
    { versions: [{ name: 'v1', served: true, storage: true }] },
    'spec.versions[0].schema.openAPIV3Schema',
    'Required value',
  ],
  [
    'a schema that is not structural',
    { versions: [versionWith({ properties: { a: { type: 'string' } } })] },
    'spec.validation.openAPIV3Schema.properties[spec].type',
    'Required value: must not be empty for specified object fields',
  ],
  [
    'two storage versions',
    { versions: [versionWith(objectOf({})), { ...versionWith(objectOf({})), name: 'v2' }] },
    'spec.versions',
    'must have exactly one version marked as storage version',
  ],
  [
    'a default that its own schema refuses',
    { versions: [versionWith(objectOf({ a: { type: 'string', default: 5 } }))] },
    'spec.validation.openAPIV3Schema.properties[spec].properties[a].default',
    'must be of type string',
  ],
  [
    'map keys that are no properties',
    {
      versions: [
        versionWith(
          objectOf({
            l: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['k'],
              items: objectOf({}),
            },
          }),
        ),
      ],
    },
    'spec.validation.openAPIV3Schema.properties[spec].properties[l].x-kubernetes-list-map-keys',
    'entries must all be names of item properties',
  ],
];

for (const [title, spec, field, words] of refusals) {
  conformanceCase(
    {
      title: `refuses a definition with ${title}`,
      source: 'apiextensions.k8s.io/v1: structural schemas and their validation',
    },
    async (t) => {
      const refused = await refusedDefinition(t, spec);
      expect(refused).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
      const causes = refused.body.details.causes.filter((cause: Json) => cause.field === field);
      expect(causes.map(({ message }: Json) => message).join('\n')).toContain(words);
    },
  );
}

conformanceCase(
  { title: 'refuses a definition whose name is not plural and group', source: 'apiextensions.k8s.io/v1: name' },
  async (t) => {
    const group = `${t.name('odd')}.example.com`;
    const { status, body } = await t.api.create(
      definitions,
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `others.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { kind: 'Knob', plural: 'knobs' },
          versions: [versionWith(objectOf({}))],
        },
      },
      { dryRun: 'All' },
    );
    expect(status).toBe(422);
    expect(causesOf({ body } as Answer)).toContain(
      `metadata.name: Invalid value: "others.${group}": must be spec.names.plural+"."+spec.group`,
    );
  },
);

conformanceCase(
  { title: 'keeps group, scope and names of a definition', source: 'apiextensions.k8s.io/v1: immutable fields' },
  async (t) => {
    const { plural, group } = await serveDefinition(t, 'Fixed');
    const refused = await t.api.patch('merge', `${definitions}/${plural}.${group}`, { spec: { scope: 'Cluster' } });
    expect(refused.status).toBe(422);
    expect(causesOf(refused).join()).toContain('spec.scope: Invalid value: "Cluster": field is immutable');
  },
);
