import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployment, type Json, startTestApi, type TestApi } from '../testing/start-test-api.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const applied = 'application/apply-patch+yaml';

/** The warnings of an answer, without their code and agent. */
function warningsOf(headers: Readonly<Record<string, string | string[] | undefined>>): string[] {
  return [headers.warning ?? []]
    .flat()
    .flatMap((value) =>
      [...value.matchAll(/299 - ("(?:[^"\\]|\\.)*")/g)].map((match) => String(JSON.parse(match[1] ?? '""'))),
    );
}

function withFields(extra: object, container: object = {}): Json {
  const body = deployment('checked', extra);
  Object.assign(body.spec.template.spec?.containers[0] ?? {}, container);
  return body;
}

describe('field validation', () => {
  let api: TestApi;
  const dry = `${deployments}?dryRun=All`;

  beforeAll(async () => {
    api = await startTestApi();
    await api.call('POST', deployments, { body: deployment('target') });
  });
  afterAll(() => api.stop());

  it('warns of unknown fields and drops them unless told otherwise', async () => {
    const { code, headers, body } = await api.call('POST', dry, { body: withFields({ foo: 1 }, { bar: 2 }) });
    expect(code).toBe(201);
    expect(warningsOf(headers)).toEqual([
      'unknown field "spec.template.spec.containers[0].bar"',
      'unknown field "spec.foo"',
    ]);
    expect(body.spec.foo).toBeUndefined();
    expect(body.spec.template.spec.containers[0].bar).toBeUndefined();
  });

  it('says nothing where fields are ignored, and drops them all the same', async () => {
    const { code, headers, body } = await api.call('POST', `${dry}&fieldValidation=Ignore`, {
      body: withFields({ foo: 1 }),
    });
    expect(code).toBe(201);
    expect(warningsOf(headers)).toEqual([]);
    expect(body.spec.foo).toBeUndefined();
  });

  it('names all unknown and duplicate fields under Strict (refused)', async () => {
    const text = JSON.stringify(withFields({ foo: 1 })).replace('"spec":{', '"spec":{"replicas":1,"replicas":2,');
    const { code, body } = await api.call('POST', `${dry}&fieldValidation=Strict`, { body: text });
    expect(code).toBe(400);
    expect(body).toMatchObject({
      reason: 'BadRequest',
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: duplicate field "spec.replicas", unknown field "spec.foo"',
    });
  });

  it('accepts an object without unknown fields under Strict, whatever its texts look like', async () => {
    const body = withFields({}, { args: ['{"a":1,"a":2}'] });
    expect((await api.call('POST', `${dry}&fieldValidation=Strict`, { body })).code).toBe(201);
  });

  it('does not know another validation (refused)', async () => {
    const { code, body } = await api.call('POST', `${dry}&fieldValidation=Loose`, { body: withFields({}) });
    expect(code).toBe(422);
    expect(body.message).toBe(
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Loose": supported values: "", "Ignore", "Strict", "Warn"',
    );
  });

  it('warns of keys that a YAML body sets twice', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: twice\ndata:\n  a: "1"\n  a: "2"\n';
    const path = '/api/v1/namespaces/default/configmaps?dryRun=All';
    const answer = await api.call('POST', path, { body, contentType: 'application/yaml' });
    expect(warningsOf(answer.headers)).toEqual(['line 7: key "a" already set in map']);
    expect(answer.body.data).toEqual({ a: '2' });
    const strict = await api.call('POST', `${path}&fieldValidation=Strict`, { body, contentType: 'application/yaml' });
    expect(strict.body.message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 7: key "a" already set in map',
    );
  });

  it.each<[string, Json, string]>([
    [
      'a text for a number',
      withFields({ replicas: 'x' }),
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'a fraction for a whole number',
      withFields({ replicas: 1.5 }),
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'a list for an object',
      withFields({ template: [] }),
      'json: cannot unmarshal array into Go struct field DeploymentSpec.spec.template of type v1.PodTemplateSpec',
    ],
    [
      'a text for a list',
      withFields({}, { command: 'x' }),
      'json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.command of type []string',
    ],
    [
      'a boolean for a text',
      withFields({}, { env: [{ name: 'A', value: true }] }),
      'json: cannot unmarshal bool into Go struct field EnvVar.spec.template.spec.containers.env.value of type string',
    ],
    [
      'a number for a label',
      { ...deployment('x'), metadata: { name: 'x', labels: { a: 5 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'no quantity',
      withFields({}, { resources: { requests: { cpu: 'abc' } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('does not decode %s (refused)', async (_name, body, words) => {
    const answer = await api.call('POST', dry, { body });
    expect(answer).toMatchObject({
      code: 400,
      body: { message: `Deployment in version "v1" cannot be handled as a Deployment: ${words}` },
    });
  });

  it.each<[string, Json | string, string]>([
    [
      'another kind',
      { apiVersion: 'apps/v1', kind: 'Lamp' },
      'Lamp in version "v1" cannot be handled as a Deployment: no kind "Lamp" is registered for version "apps/v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      'another version',
      { apiVersion: 'apps/v1beta1', kind: 'Deployment' },
      'the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)',
    ],
    [
      'a text that is no JSON',
      '{"a" 1}',
      `the object provided is unrecognized (must be of type Deployment): couldn't get version/kind; json parse error: invalid character '1' after object key ({"a" 1})`,
    ],
    [
      'half an object',
      '{"a":',
      `the object provided is unrecognized (must be of type Deployment): couldn't get version/kind; json parse error: unexpected end of JSON input ({"a":)`,
    ],
  ])('does not take %s for a deployment (refused)', async (_name, body, message) => {
    expect(await api.call('POST', dry, { body })).toMatchObject({ code: 400, body: { message } });
  });

  it('keeps quantities in their canonical form, and the requests of templates as they are', async () => {
    const body = withFields({}, { resources: { limits: { cpu: 0.5, memory: '1024Mi' } } });
    const made = await api.call('POST', dry, { body });
    expect(made.body.spec.template.spec.containers[0].resources).toEqual({ limits: { cpu: '500m', memory: '1Gi' } });
  });

  it('names a doubled field once, and none inside an unknown one', async () => {
    const text = JSON.stringify(withFields({ foo: 1 })).replace(
      '"spec":{',
      '"spec":{"replicas":1,"replicas":2,"foo":{"a":1,"a":2},',
    );
    const { headers } = await api.call('POST', dry, { body: text });
    expect(warningsOf(headers)).toEqual(['duplicate field "spec.replicas"', 'unknown field "spec.foo"']);
  });

  it('warns of what is strange about the operations of a JSON patch', async () => {
    const { headers } = await api.call('PATCH', `${deployments}/target?dryRun=All`, {
      body: '[{"op":"add","path":"/spec/replicas","path":"/spec/replicas","value":1,"foo":1}]',
      contentType: 'application/json-patch+json',
    });
    expect(warningsOf(headers)).toEqual([
      'json patch duplicate field "[0].path"',
      'json patch unknown field "[0].foo"',
    ]);
  });

  it('checks what a patch makes of the object', async () => {
    const path = `${deployments}/target?dryRun=All`;
    const patch = { body: { spec: { foo: 1 } }, contentType: strategic };
    expect(warningsOf((await api.call('PATCH', path, patch)).headers)).toEqual(['unknown field "spec.foo"']);
    expect(warningsOf((await api.call('PATCH', path, { ...patch, contentType: merge })).headers)).toEqual([
      'unknown field "spec.foo"',
    ]);
    const strict = await api.call('PATCH', `${path}&fieldValidation=Strict`, patch);
    expect(strict).toMatchObject({
      code: 422,
      body: {
        message:
          ' "" is invalid: patch: Invalid value: "map[spec:map[foo:1]]": strict decoding error: unknown field "spec.foo"',
      },
    });
    const typed = await api.call('PATCH', path, { ...patch, body: { spec: { replicas: 'x' } } });
    expect(typed.body.message).toBe(
      ' "" is invalid: patch: Invalid value: "map[spec:map[replicas:x]]": unrecognized type: int32',
    );
  });

  it.each<[string, object, string]>([
    ['an unknown field', { foo: 1 }, '.spec.foo: field not declared in schema'],
    ['another type', { replicas: 'x' }, '.spec.replicas: expected numeric (int or float), got string'],
    [
      'two elements of one key',
      { template: { spec: { containers: [{ name: 'a' }, { name: 'a' }] } } },
      '.spec.template.spec.containers: duplicate entries for key [name="a"]',
    ],
  ])('does not apply %s (refused)', async (_name, spec, words) => {
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'target' }, spec };
    const path = `${deployments}/target?fieldManager=tester&force=true`;
    const answer = await api.call('PATCH', path, { body, contentType: applied });
    expect(answer).toMatchObject({
      code: 500,
      body: { message: `failed to create typed patch object (/target; apps/v1, Kind=Deployment): ${words}` },
    });
  });
});
