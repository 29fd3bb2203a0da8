import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliCluster, editorScript, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);

const lamps = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.light.test' },
  spec: {
    group: 'light.test',
    scope: 'Namespaced',
    names: { kind: 'Lamp', plural: 'lamps', singular: 'lamp' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A lamp shines.',
            properties: {
              spec: {
                type: 'object',
                required: ['watts'],
                properties: { watts: { type: 'integer', description: 'How bright it is.' } },
              },
            },
          },
        },
      },
    ],
  },
});

describe.skipIf(skip)('kubectl, changing', () => {
  let cli: CliCluster;

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster();
    await cli.kubectl('create', 'deployment', 'web', '--image=web:1', '--replicas=1');
    await cli.kubectl('apply', '-f', await cli.file('lamps.json', lamps));
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  const read = (kind: string, name: string, path: string): Promise<string> =>
    cli.kubectl('get', kind, name, '-o', `jsonpath={${path}}`);

  it('patches by every type, and through subresources', async () => {
    await cli.kubectl('create', 'configmap', 'patched', '--from-literal=a=1');
    const patch = (type: string, text: string, ...more: string[]): Promise<string> =>
      cli.kubectl('patch', 'configmap', 'patched', '--type', type, '-p', text, ...more);
    expect(await patch('merge', '{"data":{"b":"2"}}')).toBe('configmap/patched patched\n');
    expect(await patch('merge', '{"data":{"b":"2"}}')).toBe('configmap/patched patched (no change)\n');
    await patch('json', '[{"op":"test","path":"/data/a","value":"1"},{"op":"remove","path":"/data/a"}]');
    await patch('strategic', '{"metadata":{"finalizers":["light.test/x"]}}');
    await patch('strategic', '{"metadata":{"$deleteFromPrimitiveList/finalizers":["light.test/x"]}}');
    expect(await read('configmap', 'patched', '.data')).toBe('{"b":"2"}');
    await cli.kubectl(
      'patch',
      'deployment',
      'web',
      '--subresource=scale',
      '--type=merge',
      '-p',
      '{"spec":{"replicas":2}}',
    );
    expect(await read('deployment', 'web', '.spec.replicas')).toBe('2');
    expect(await cli.kubectl('get', 'deployment', 'web', '--subresource=scale', '-o', 'name')).toBe(
      'scale.autoscaling/web\n',
    );
    const quota = '{"status":{"hard":{"pods":"5"}}}';
    await cli.kubectl('create', 'quota', 'few', '--hard=secrets=10');
    await cli.kubectl(
      'patch',
      'quota',
      'few',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"spec":{"hard":{"pods":"1"}}}',
    );
    expect(await read('quota', 'few', '.spec.hard.pods')).toBe('');
    const written = ['-p', quota, '-o', 'jsonpath={.status.hard.pods}'];
    expect(await cli.kubectl('patch', 'quota', 'few', '--subresource=status', '--type=merge', ...written)).toBe('5');
    expect(await read('quota', 'few', '.spec.hard.pods')).toBe('');
  });

  it.each([
    [
      'json',
      '[{"op":"test","path":"/data/z","value":"1"}]',
      'the server rejected our request due to an error in our request',
    ],
    [
      'merge',
      '{"metadata":{"name":"other"}}',
      'the name of the object (other) does not match the name on the URL (fixed)',
    ],
    ['strategic', '{"$patch":"shred"}', 'unknown patch type: shred in map: map[$patch:shred]'],
    ['merge', '{"data":{"a":1}}', 'json: cannot unmarshal number into Go struct field ConfigMap.data of type string'],
  ])('is refused a %s patch %s', async (type, text, words) => {
    await cli.tryKubectl(['create', 'configmap', 'fixed', '--from-literal=a=1']);
    const { exitCode, stderr } = await cli.tryKubectl(['patch', 'configmap', 'fixed', '--type', type, '-p', text]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(words);
  });

  it('replaces, and is refused an outdated object', async () => {
    await cli.kubectl('create', 'configmap', 'replaced', '--from-literal=a=1');
    const old = await cli.file('old.json', await cli.kubectl('get', 'configmap', 'replaced', '-o', 'json'));
    const next = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'replaced' }, data: { b: '2' } };
    const file = await cli.file('next.json', JSON.stringify(next));
    expect(await cli.kubectl('replace', '-f', file)).toBe('configmap/replaced replaced\n');
    expect(await read('configmap', 'replaced', '.data')).toBe('{"b":"2"}');
    const outdated = await cli.tryKubectl(['replace', '-f', old]);
    expect(outdated).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('the object has been modified') });
    const forced = await cli.kubectl('replace', '--force', '-f', file);
    expect(forced).toContain('configmap/replaced replaced\n');
  });

  it('edits with an editor, and shows why an edit is refused', async () => {
    await cli.kubectl('create', 'configmap', 'edited', '--from-literal=a=old');
    await cli.file(editorScript, 'sed -i.bak s/old/new/ "$1"\n');
    expect(await cli.kubectl('edit', 'configmap', 'edited')).toBe('configmap/edited edited\n');
    expect(await read('configmap', 'edited', '.data.a')).toBe('new');
    const again = await cli.tryKubectl(['edit', 'configmap', 'edited']);
    expect(again.stderr).toContain('Edit cancelled, no changes made.');
    // The second opening finds the reasons in the file and changes nothing: kubectl gives up.
    await cli.file(editorScript, `grep '^#' "$1" >> reasons; sed -i.bak 's/^  replicas:.*/  replicas: -1/' "$1"\n`);
    const refused = await cli.tryKubectl(['edit', 'deployment', 'web']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('error: deployments.apps "web" is invalid');
    expect(await readFile(join(cli.folder, 'reasons'), 'utf8')).toContain(
      '# * spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });

  it('sets images, variables and resources', async () => {
    expect(await cli.kubectl('set', 'image', 'deployment/web', 'web=web:2')).toBe(
      'deployment.apps/web image updated\n',
    );
    expect(await cli.kubectl('set', 'env', 'deployment/web', 'A=1', 'B=2')).toBe('deployment.apps/web env updated\n');
    await cli.kubectl('set', 'env', 'deployment/web', 'A-');
    await cli.kubectl('set', 'resources', 'deployment/web', '--limits=cpu=500m,memory=1024Mi');
    const container = JSON.parse(await read('deployment', 'web', '.spec.template.spec.containers[0]'));
    expect(container).toMatchObject({
      image: 'web:2',
      env: [{ name: 'B', value: '2' }],
      resources: { limits: { cpu: '500m', memory: '1Gi' } },
    });
    expect(container.resources.requests).toBeUndefined();
    const none = await cli.tryKubectl(['set', 'image', 'deployment/web', 'nobody=x']);
    expect(none).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('unable to find container named "nobody"'),
    });
  });

  it('refuses to overwrite labels and annotations unless told to', async () => {
    await cli.kubectl('create', 'configmap', 'named', '--from-literal=a=1');
    for (const [verb, done] of [
      ['label', 'labeled'],
      ['annotate', 'annotated'],
    ] as const) {
      expect(await cli.kubectl(verb, 'configmap', 'named', 'k=1')).toBe(`configmap/named ${done}\n`);
      const again = await cli.tryKubectl([verb, 'configmap', 'named', 'k=2']);
      expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("'k' already has a value (1)") });
      await cli.kubectl(verb, 'configmap', 'named', 'k=2', '--overwrite');
      const stale = await cli.tryKubectl([verb, 'configmap', 'named', 'k=3', '--overwrite', '--resource-version=1']);
      expect(stale).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('the object has been modified') });
      await cli.kubectl(verb, 'configmap', 'named', 'k-');
    }
    expect(await read('configmap', 'named', '.metadata.labels')).toBe('');
  });

  it('waits for conditions, for fields and for the end', async () => {
    await cli.kubectl('create', 'deployment', 'awaited', '--image=app:1');
    const wait = (...args: string[]): Promise<string> => cli.kubectl('wait', ...args, '--timeout=15s');
    expect(await wait('--for=condition=Available', 'deployment/awaited')).toBe(
      'deployment.apps/awaited condition met\n',
    );
    expect(await wait('--for=jsonpath={.status.readyReplicas}=1', 'deployment/awaited')).toContain('condition met');
    expect(await wait('--for=condition=Ready', 'pod', '-l', 'app=awaited')).toMatch(
      /^pod\/awaited-\S+ condition met\n$/,
    );
    const never = await cli.tryKubectl([
      'wait',
      '--for=jsonpath={.spec.replicas}=9',
      'deployment/awaited',
      '--timeout=0s',
    ]);
    expect(never.exitCode).toBe(1);
    const [gone] = await Promise.all([
      wait('--for=delete', 'deployment/awaited'),
      cli.kubectl('delete', 'deployment', 'awaited', '--wait=false'),
    ]);
    expect(gone).toMatch(/^(deployment.apps\/awaited condition met\n)?$/);
    expect((await cli.tryKubectl(['get', 'deployment', 'awaited'])).exitCode).toBe(1);
  });

  it('explains built-in and custom resources by field, recursively and from both documents', async () => {
    const field = await cli.kubectl('explain', 'deployment.spec.strategy.rollingUpdate.maxSurge');
    expect(field).toMatch(/^GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n\nFIELD: maxSurge <IntOrString>\n/);
    expect(field).toContain('DESCRIPTION:');
    const pod = await cli.kubectl('explain', 'pod.spec.containers', '--recursive');
    expect(pod).toMatch(/FIELDS:\n {2}args\t<\[\]string>\n/);
    expect(pod).toMatch(/\n {2}livenessProbe\t<Probe>\n {4}exec\t<ExecAction>\n {6}command\t<\[\]string>\n/);
    expect(pod).toMatch(/\n {2}name\t<string> -required-\n/);
    const old = await cli.kubectl('explain', 'service.spec', '--output=plaintext-openapiv2');
    expect(old).toMatch(/KIND: +Service\nVERSION: +v1\n\nRESOURCE: spec <Object>\n/);
    const lamp = await cli.kubectl('explain', 'lamps.light.test');
    expect(lamp).toMatch(/^GROUP: +light\.test\nKIND: +Lamp\nVERSION: +v1\n\nDESCRIPTION:\n {4}A lamp shines\./);
    expect(await cli.kubectl('explain', 'lamp.spec.watts')).toMatch(
      /FIELD: watts <integer>\n[\s\S]*How bright it is\./,
    );
    const wrong = await cli.tryKubectl(['explain', 'pod.spec.nothing']);
    expect(wrong).toMatchObject({ exitCode: 1, stderr: 'error: field "nothing" does not exist\n' });
  });
});
