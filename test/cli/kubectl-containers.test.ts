import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);

const pods = `
apiVersion: v1
kind: Pod
metadata: {name: two, labels: {set: shown}}
spec:
  containers:
  - {name: web, image: "registry.local/web:1", env: [{name: COLOR, value: red}]}
  - {name: side, image: "registry.local/side:1"}
---
apiVersion: v1
kind: Pod
metadata: {name: one, labels: {set: shown}}
spec: {containers: [{name: web, image: "registry.local/web:1"}]}
---
apiVersion: v1
kind: Pod
metadata:
  name: crashing
  annotations: {embedded.longshore.dev/simulate: crash, embedded.longshore.dev/after-seconds: "1"}
spec: {containers: [{name: app, image: "registry.local/app:1"}]}
`;

describe.skipIf(skip)('kubectl, containers', () => {
  let cli: CliCluster;

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster();
    await cli.file('pods.yaml', pods);
    await cli.kubectl('apply', '-f', 'pods.yaml');
    await cli.kubectl('wait', '--for=condition=Ready', 'pods', '-l', 'set=shown', '--timeout=20s');
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  describe('logs', () => {
    it('prints as much as is asked for', async () => {
      const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
      expect(lines(await cli.kubectl('logs', 'one', '--tail=1'))).toHaveLength(1);
      expect(lines(await cli.kubectl('logs', 'one', '--since-time=2100-01-01T00:00:00Z'))).toEqual([]);
      expect(lines(await cli.kubectl('logs', 'one', '--since=1h')).length).toBeGreaterThan(0);
      const [first = ''] = lines(await cli.kubectl('logs', 'one', '--timestamps', '--limit-bytes=60'));
      expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z /);
    });

    it('takes the first container, another one, all of them, and many pods', async () => {
      const { stdout, stderr } = await cli.tryKubectl(['logs', 'two', '--tail=1']);
      expect([stdout === '', stderr]).toEqual([false, 'Defaulted container "web" out of: web, side\n']);
      expect(await cli.kubectl('logs', 'two', '-c', 'side', '--tail=1')).not.toBe('');
      const all = await cli.kubectl('logs', 'two', '--all-containers', '--tail=1', '--prefix');
      expect([...all.matchAll(/^\[pod\/two\/(\w+)\] /gm)].map(([, name]) => name).sort()).toEqual(['side', 'web']);
      const many = await cli.kubectl('logs', '-l', 'set=shown', '--tail=1', '--prefix', '-c', 'web');
      expect([...many.matchAll(/^\[pod\/(\w+)\/web\] /gm)].map(([, name]) => name).sort()).toEqual(['one', 'two']);
    });

    it('follows what is written, until it is stopped', async () => {
      await using following = cli.startKubectl('logs', 'one', '-f', '--tail=1');
      await expect.poll(() => following.stdout().split('\n').length, { timeout: 10_000 }).toBeGreaterThan(3);
    });

    it('shows the last words of a container that crashed', async () => {
      const crashed = '--for=jsonpath={.status.containerStatuses[0].lastState.terminated}';
      await cli.kubectl('wait', crashed, 'pod/crashing', '--timeout=20s');
      expect(await cli.kubectl('logs', 'crashing', '--previous', '--tail=1')).toMatch(/\S/);
      const never = await cli.tryKubectl(['logs', 'one', '--previous']);
      expect(never).toMatchObject({
        exitCode: 1,
        stderr: 'Error from server (BadRequest): previous terminated container "web" in pod "one" not found\n',
      });
    });
  });

  describe('exec', () => {
    it('runs commands with their exit code, environment and both outputs', async () => {
      const run = (...args: string[]) => cli.tryKubectl(['exec', 'two', '-c', 'web', '--', ...args]);
      expect(await run('sh', '-c', 'echo $COLOR; echo oops >&2; exit 7')).toEqual({
        exitCode: 7,
        stdout: 'red\n',
        stderr: 'oops\ncommand terminated with exit code 7\n',
      });
      expect(await run('env')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^COLOR=red$/m) });
      expect(await run('nope')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('exec: "nope": executable file not found in $PATH'),
      });
    });

    it('gives standard input to the command', async () => {
      expect(await cli.tryKubectl(['exec', '-i', 'one', '--', 'cat'], 'one\ntwo\n')).toMatchObject({
        exitCode: 0,
        stdout: 'one\ntwo\n',
      });
      expect(await cli.tryKubectl(['exec', '-i', 'one', '--', 'sh'], 'echo hi\nexit 3\n')).toMatchObject({
        exitCode: 3,
        stdout: 'hi\n',
      });
    });

    it('finds no container that is not there (refused)', async () => {
      const { exitCode, stderr } = await cli.tryKubectl(['exec', 'one', '-c', 'nobody', '--', 'ls']);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('container nobody')]);
    });
  });

  it('attaches to what a container writes', async () => {
    await using attached = cli.startKubectl('attach', 'one');
    await expect.poll(() => attached.stdout(), { timeout: 10_000 }).toMatch(/\n/);
  });

  it('runs a pod to its end, shows what it wrote and removes it', async () => {
    const run = ['run', 'once', '--image=registry.local/tool:1', '--restart=Never', '--rm', '-i', '--quiet'];
    const { exitCode, stdout } = await cli.tryKubectl([...run, '--', 'sleep', '1']);
    expect([exitCode, stdout === '']).toEqual([0, false]);
    expect((await cli.tryKubectl(['get', 'pod', 'once'])).stderr).toContain('pods "once" not found');
  });

  describe('debug', () => {
    const containers = 'jsonpath={.spec.containers[*].name}';

    it('puts an ephemeral container into a pod that runs', async () => {
      const image = '--image=registry.local/tool:1';
      await cli.kubectl(
        'debug',
        'one',
        image,
        '--target=web',
        '-c',
        'look',
        '--profile=general',
        '--',
        'sleep',
        '9000',
      );
      const running = '--for=jsonpath={.status.ephemeralContainerStatuses[0].state.running}';
      await cli.kubectl('wait', running, 'pod/one', '--timeout=20s');
      expect(await cli.kubectl('exec', 'one', '-c', 'look', '--', 'echo', 'inside')).toBe('inside\n');
      expect(await cli.kubectl('describe', 'pod', 'one')).toMatch(/Ephemeral Containers:\n +look:/);
      const nobody = await cli.tryKubectl(['debug', 'one', image, '--target=nobody', '--profile=general']);
      expect(nobody).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('targetContainerName: Not found: "nobody"'),
      });
    });

    it('copies a pod with a further container, and makes one on a node', async () => {
      const image = '--image=registry.local/tool:1';
      const more = ['-c', 'look', '--profile=general', '--', 'sleep', '9000'];
      await cli.kubectl('debug', 'two', image, '--copy-to=two-copied', ...more);
      expect(await cli.kubectl('get', 'pod', 'two-copied', '-o', containers)).toBe('web side look');
      const node = await cli.kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}');
      const { stdout, stderr } = await cli.tryKubectl(['debug', `node/${node}`, image, ...more]);
      const name = /node-debugger-\S+/.exec(`${stdout}${stderr}`)?.[0] ?? '';
      await cli.kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=20s');
      expect(await cli.kubectl('get', 'pod', name, '-o', 'jsonpath={.spec.nodeName}')).toBe(node);
    });
  });

  it('copies no files: the containers have no tar (refused)', async () => {
    await cli.file('here.txt', 'text');
    const { exitCode, stderr } = await cli.tryKubectl(['cp', 'here.txt', 'one:/tmp/here.txt']);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('exec: "tar": executable file not found in $PATH')]);
  });

  it('forwards no ports: the containers listen on none (refused)', async () => {
    const { exitCode, stderr } = await cli.tryKubectl(['port-forward', 'pod/one', ':80']);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('port forwarding is not supported')]);
  });
});
