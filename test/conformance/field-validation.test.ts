import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import { type Answer, succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import type { Json } from './support/json.ts';

const { conformanceCase } = conformanceArea('field validation');

const web = (spec: Json = {}, container: Json = {}): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 0,
    paused: true,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'registry.k8s.io/pause:3.10', ...container }] },
    },
    ...spec,
  },
});

/** The sentences of an answer's Warning headers. */
function warningsOf({ headers }: Answer): string[] {
  return [...String(headers.warning ?? '').matchAll(/299 - ("(?:[^"\\]|\\.)*")/g)].map(([, sentence = '""']) =>
    String(JSON.parse(sentence)),
  );
}

async function deployments(t: CaseContext): Promise<string> {
  return `/apis/apps/v1/namespaces/${await t.namespace()}/deployments`;
}

conformanceCase(
  {
    title: 'warns of unknown fields, and drops them, when nothing is said of field validation',
    source: 'KEP-2885 server-side unknown field validation: Warn is the default',
  },
  async (t) => {
    const answer = await t.api.create(await deployments(t), web({ foo: 1 }, { bar: 2 }));
    expect(answer.status).toBe(201);
    expect(warningsOf(answer)).toEqual([
      'unknown field "spec.template.spec.containers[0].bar"',
      'unknown field "spec.foo"',
    ]);
    expect(answer.body.spec.foo).toBeUndefined();
  },
);

conformanceCase(
  {
    title: 'passes over unknown fields in silence under Ignore, and drops them',
    source: 'KEP-2885: fieldValidation=Ignore; e2e: FieldValidation should create/apply a valid CR ...',
  },
  async (t) => {
    const answer = await t.api.create(await deployments(t), web({ foo: 1 }), { fieldValidation: 'Ignore' });
    expect(answer.status).toBe(201);
    expect(warningsOf(answer)).toEqual([]);
    expect(answer.body.spec.foo).toBeUndefined();
  },
);

conformanceCase(
  {
    title: 'refuses a creation and an update with unknown fields under Strict (400)',
    source: 'e2e: [sig-api-machinery] FieldValidation should detect unknown and duplicate fields of a typed object',
  },
  async (t) => {
    const path = await deployments(t);
    const refused = await t.api.create(path, web({ foo: 1 }), { fieldValidation: 'Strict' });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      reason: 'BadRequest',
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.foo"',
    });
    succeeded(await t.api.create(path, web(), { fieldValidation: 'Strict' }));
    const update = await t.api.update(`${path}/web`, web({ foo: 1 }), { fieldValidation: 'Strict' });
    expect(update.status).toBe(400);
    expect(update.body.message).toContain('strict decoding error: unknown field "spec.foo"');
  },
);

conformanceCase(
  {
    title: 'refuses a patch that leaves unknown fields under Strict (422), and warns of them otherwise',
    source: 'KEP-2885: patch requests',
  },
  async (t) => {
    const path = await deployments(t);
    succeeded(await t.api.create(path, web()));
    for (const type of ['merge', 'strategic'] as const) {
      const patch = { spec: { foo: 1 } };
      const refused = await t.api.patch(type, `${path}/web`, patch, { fieldValidation: 'Strict' });
      expect(refused.status).toBe(422);
      expect(refused.body.reason).toBe('Invalid');
      expect(refused.body.details.causes[0]).toMatchObject({ reason: 'FieldValueInvalid', field: 'patch' });
      expect(refused.body.message).toMatch(
        /^ "" is invalid: patch: .*: strict decoding error: unknown field "spec.foo"$/,
      );
      expect(warningsOf(await t.api.patch(type, `${path}/web`, patch))).toEqual(['unknown field "spec.foo"']);
    }
    const operations = [{ op: 'add', path: '/spec/paused', value: true, foo: 1 }];
    expect(warningsOf(await t.api.patch('json', `${path}/web`, operations))).toEqual([
      'json patch unknown field "[0].foo"',
    ]);
  },
);

conformanceCase(
  {
    title: 'does not apply fields that the type lacks, whatever field validation says (500)',
    source: 'server-side apply: a configuration that does not fit the schema cannot be typed',
  },
  async (t) => {
    const path = await deployments(t);
    for (const fieldValidation of ['Ignore', 'Warn', 'Strict']) {
      const refused = await t.api.patch('apply', `${path}/web`, web({ foo: 1 }), {
        fieldManager: 'me',
        fieldValidation,
      });
      expect(refused.status).toBe(500);
      expect(refused.body.message).toBe(
        'failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema',
      );
    }
  },
);

conformanceCase(
  {
    title: 'does not know another field validation (422)',
    source: 'meta/v1 CreateOptions: fieldValidation',
  },
  async (t) => {
    const { status, body } = await t.api.create(await deployments(t), web(), { fieldValidation: 'Loose' });
    expect(status).toBe(422);
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueNotSupported',
        message: 'Unsupported value: "Loose": supported values: "", "Ignore", "Strict", "Warn"',
        field: 'fieldValidation',
      },
    ]);
  },
);

conformanceCase(
  {
    title: 'does not decode values of another type than the field’s (400)',
    source: 'reference/using-api/api-concepts: field validation; values are decoded by their types',
  },
  async (t) => {
    const path = await deployments(t);
    const cases: [Json, string][] = [
      [
        web({ replicas: 'x' }),
        'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      ],
      [
        web({ replicas: 1.5 }),
        'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
      ],
      [
        web({ template: [] }),
        'json: cannot unmarshal array into Go struct field DeploymentSpec.spec.template of type v1.PodTemplateSpec',
      ],
      [
        web({}, { command: 'x' }),
        'json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.command of type []string',
      ],
      [
        web({}, { livenessProbe: { httpGet: { port: true } } }),
        'json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.template.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
      ],
      [
        web({}, { resources: { limits: { cpu: 'much' } } }),
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      ],
    ];
    for (const [object, words] of cases) {
      const { status, body } = await t.api.create(path, object);
      expect({ status, message: body.message }).toEqual({
        status: 400,
        message: `Deployment in version "v1" cannot be handled as a Deployment: ${words}`,
      });
    }
  },
);

conformanceCase(
  {
    title: 'keeps quantities in their canonical form',
    source: 'reference/kubernetes-api/common-definitions/quantity: canonical form',
  },
  async (t) => {
    const limits = { cpu: 0.5, memory: '1024Mi', 'ephemeral-storage': '1500M' };
    const { body } = succeeded(await t.api.create(await deployments(t), web({}, { resources: { limits } })));
    expect(body.spec.template.spec.containers[0].resources).toEqual({
      limits: { cpu: '500m', memory: '1Gi', 'ephemeral-storage': '1500M' },
    });
  },
);

conformanceCase(
  {
    title: 'takes null and empty collections as absent',
    source: 'reference/using-api/api-concepts; optional collections are left out when empty',
  },
  async (t) => {
    const object = web({}, { command: [], args: null, env: [] });
    object.metadata = { name: 'web', labels: {}, annotations: null, finalizers: [] };
    const { body } = succeeded(await t.api.create(await deployments(t), object, { fieldValidation: 'Strict' }));
    const [container] = body.spec.template.spec.containers;
    for (const name of ['command', 'args', 'env']) expect(container).not.toHaveProperty(name);
    for (const name of ['labels', 'annotations', 'finalizers']) expect(body.metadata).not.toHaveProperty(name);
  },
);

conformanceCase(
  {
    title: 'puts what a strategic patch adds to a list before what was there, and keeps the order of the patch',
    source: 'KEP: strategic merge patch, list ordering ($setElementOrder)',
  },
  async (t) => {
    const path = `${await deployments(t)}/web`;
    succeeded(await t.api.create(path.replace(/\/web$/, ''), web()));
    const patch = (spec: Json): Promise<Answer> => t.api.patch('strategic', path, { spec: { template: { spec } } });
    const names = ({ body }: Answer): string[] => body.spec.template.spec.containers.map(({ name }: Json) => name);
    const image = 'registry.k8s.io/pause:3.10';
    expect(names(await patch({ containers: [{ name: 'side', image }] }))).toEqual(['side', 'web']);
    expect(names(await patch({ '$setElementOrder/containers': [{ name: 'web' }, { name: 'side' }] }))).toEqual([
      'web',
      'side',
    ]);
    expect(
      names(
        await patch({
          '$setElementOrder/containers': [{ name: 'web' }, { name: 'new' }, { name: 'side' }],
          containers: [{ name: 'new', image }],
        }),
      ),
    ).toEqual(['web', 'new', 'side']);
  },
);
