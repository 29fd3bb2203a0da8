import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);

function configMap(name: string, data: object, labels?: object): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data });
}

function list(...items: readonly string[]): string {
  return `{"apiVersion":"v1","kind":"List","items":[${items.join(',')}]}`;
}

function deployment(name: string, containers: readonly object[], spec: object = {}): string {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers } };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template, ...spec },
  });
}

describe.skipIf(skip)('kubectl apply and diff', () => {
  let cli: CliCluster;

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster({ controllers: false });
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  const read = (kind: string, name: string, path: string): Promise<string> =>
    cli.kubectl('get', kind, name, '-o', `jsonpath={${path}}`);

  it('creates, leaves unchanged, and merges what was applied last, what is there and what is wanted', async () => {
    const file = await cli.file(
      'web.yaml',
      deployment('web', [
        {
          name: 'web',
          image: 'web:1',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'side', image: 'side:1' },
      ]),
    );
    expect(await cli.kubectl('apply', '-f', file)).toBe('deployment.apps/web created\n');
    expect(await cli.kubectl('apply', '-f', file)).toBe('deployment.apps/web unchanged\n');
    // Others add a container and a variable, and scale: none of it was ever applied here, all of it stays.
    const theirs = {
      containers: [
        { name: 'web', env: [{ name: 'C', value: '3' }] },
        { name: 'agent', image: 'agent:1' },
      ],
    };
    await cli.kubectl('patch', 'deployment', 'web', '-p', JSON.stringify({ spec: { template: { spec: theirs } } }));
    await cli.kubectl('scale', 'deployment', 'web', '--replicas=3');
    await cli.file('web.yaml', deployment('web', [{ name: 'web', image: 'web:2', env: [{ name: 'A', value: '9' }] }]));
    expect(await cli.kubectl('apply', '-f', file)).toBe('deployment.apps/web configured\n');
    const containers = '.spec.template.spec.containers';
    expect((await read('deployment', 'web', `${containers}[*].name`)).split(' ').sort()).toEqual(['agent', 'web']);
    const env = await read('deployment', 'web', `${containers}[?(@.name=="web")].env[*].name`);
    expect(env.split(' ').sort()).toEqual(['A', 'C']);
    expect(await read('deployment', 'web', `${containers}[?(@.name=="web")].image`)).toBe('web:2');
    expect(await read('deployment', 'web', '.spec.replicas')).toBe('3');
    expect(await cli.kubectl('apply', 'view-last-applied', 'deployment/web')).toContain('image: web:2');
  });

  it('asks the server without changing anything, and is told of unknown fields (refused)', async () => {
    const file = await cli.file('dry.yaml', configMap('dry', { a: '1' }));
    expect(await cli.kubectl('create', '-f', file, '--dry-run=server')).toBe(
      'configmap/dry created (server dry run)\n',
    );
    expect(await cli.kubectl('apply', '-f', file, '--dry-run=server')).toBe('configmap/dry created (server dry run)\n');
    expect((await cli.tryKubectl(['get', 'configmap', 'dry'])).exitCode).toBe(1);
    const odd = await cli.file('odd.yaml', deployment('odd', [{ name: 'c', image: 'i', imge: 'x' }], { replica: 1 }));
    const strict = await cli.tryKubectl(['apply', '-f', odd]);
    expect(strict.exitCode).toBe(1);
    expect(strict.stderr).toContain(
      'strict decoding error: unknown field "spec.replica", unknown field "spec.template.spec.containers[0].imge"',
    );
    const warned = await cli.tryKubectl(['apply', '-f', odd, '--validate=warn', '--dry-run=server']);
    expect(warned).toMatchObject({ exitCode: 0, stdout: 'deployment.apps/odd created (server dry run)\n' });
    expect(warned.stderr).toContain('Warning: unknown field "spec.replica"');
    const ignored = await cli.tryKubectl(['apply', '-f', odd, '--validate=ignore', '--dry-run=server']);
    expect(ignored).toMatchObject({ exitCode: 0, stderr: '' });
    const server = await cli.tryKubectl(['apply', '-f', odd, '--server-side']);
    expect(server).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('field not declared in schema') });
  });

  it('lets two managers own fields, and names the one in the way', async () => {
    const one = await cli.file('one.yaml', configMap('shared', { a: '1', b: '1' }));
    const two = await cli.file('two.yaml', configMap('shared', { b: '2', c: '2' }));
    const apply = ['apply', '--server-side', '--field-manager'];
    expect(await cli.kubectl(...apply, 'one', '-f', one)).toBe('configmap/shared serverside-applied\n');
    const refused = await cli.tryKubectl([...apply, 'two', '-f', two]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('error: Apply failed with 1 conflict: conflict with "one": .data.b');
    expect(refused.stderr).toContain('--force-conflicts');
    expect(await cli.kubectl(...apply, 'two', '-f', two, '--force-conflicts')).toBe(
      'configmap/shared serverside-applied\n',
    );
    const shown = JSON.parse(await cli.kubectl('get', 'configmap', 'shared', '-o', 'json', '--show-managed-fields'));
    const fieldsOf = (manager: string): unknown =>
      shown.metadata.managedFields.find((each: { manager: string }) => each.manager === manager)?.fieldsV1;
    expect(fieldsOf('one')).toEqual({ 'f:data': { 'f:a': {} } });
    expect(fieldsOf('two')).toEqual({ 'f:data': { 'f:b': {}, 'f:c': {} } });
    await cli.file('one.yaml', configMap('shared', {}));
    await cli.kubectl(...apply, 'one', '-f', one);
    expect(await read('configmap', 'shared', '.data')).toBe('{"b":"2","c":"2"}');
    expect(await cli.kubectl('get', 'configmap', 'shared', '-o', 'yaml')).not.toContain('managedFields');
  });

  it('shows differences by client and by server, with the exit codes of diff', async () => {
    const file = await cli.file('diffed.yaml', configMap('diffed', { a: '1' }));
    expect(await cli.tryKubectl(['diff', '-f', file])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('+  name: diffed'),
    });
    await cli.kubectl('apply', '-f', file);
    expect(await cli.tryKubectl(['diff', '-f', file])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    await cli.file('diffed.yaml', configMap('diffed', { a: '2' }));
    for (const mode of [[], ['--server-side', '--force-conflicts']]) {
      const { exitCode, stdout } = await cli.tryKubectl(['diff', '-f', file, ...mode]);
      expect(exitCode).toBe(1);
      expect(stdout).toContain('-  a: "1"\n+  a: "2"');
    }
    const broken = await cli.file('broken.yaml', configMap('No_Name', {}));
    expect((await cli.tryKubectl(['diff', '-f', broken])).exitCode).toBeGreaterThan(1);
  });

  it('prunes what is no longer applied, by label and by apply set', async () => {
    const label = { set: 'labelled' };
    const file = await cli.file(
      'set.yaml',
      list(configMap('keep', { a: '1' }, label), configMap('drop', { a: '1' }, label)),
    );
    await cli.kubectl('apply', '-f', file, '-l', 'set=labelled');
    await cli.file('set.yaml', configMap('keep', { a: '1' }, label));
    const prune = ['--prune', '-l', 'set=labelled', '--prune-allowlist=core/v1/ConfigMap'];
    expect(await cli.kubectl('apply', '-f', file, ...prune)).toBe('configmap/keep unchanged\nconfigmap/drop pruned\n');

    const members = await cli.file('members.yaml', list(configMap('first', {}), configMap('second', {})));
    const applySet = ['apply', '--server-side', '--prune', '--applyset=parent', '-n', 'default', '-f', members];
    const run = async (): Promise<string> => {
      const alpha = await cli.tryKubectl(applySet, '', { KUBECTL_APPLYSET: 'true' });
      expect(alpha.stderr).not.toContain('error');
      return alpha.stdout;
    };
    expect(await run()).toContain('configmap/second serverside-applied');
    await cli.file('members.yaml', configMap('first', {}));
    expect(await run()).toContain('configmap/second pruned');
    expect((await cli.tryKubectl(['get', 'configmap', 'second'])).exitCode).toBe(1);
    expect(await cli.kubectl('get', 'secret', 'parent', '-o', 'yaml')).toContain(
      'applyset.kubernetes.io/tooling: kubectl/',
    );
  });
});
