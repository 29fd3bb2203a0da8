import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSession, RefusedSession } from '../testing/open-session.ts';
import { type Json, pod, startTestApi, type TestApi } from '../testing/start-test-api.ts';

const pods = '/api/v1/namespaces/default/pods';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ controllers: true, nodes: 2 });
  await api.call('POST', '/api/v1/namespaces/default/configmaps', {
    body: { metadata: { name: 'settings' }, data: { 'app.conf': 'color=blue\n' } },
  });
  await api.call('POST', '/api/v1/namespaces/default/secrets', {
    body: { metadata: { name: 'keys' }, stringData: { key: 's3cret' } },
  });
  const two = pod('two');
  two.spec.containers.push({ name: 'side', image: 'registry.local/side:1' });
  two.spec.initContainers = [{ name: 'prepare', image: 'registry.local/init:1', command: ['true'] }];
  const web = pod('web');
  Object.assign(web.spec.containers[0], {
    env: [
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'key' } } },
      { name: 'BOTH', value: '$(POD)-$(NONE)-$$(POD)' },
    ],
    volumeMounts: [
      { name: 'conf', mountPath: '/etc/app' },
      { name: 'all', mountPath: '/all', readOnly: true },
      { name: 'scratch', mountPath: '/scratch' },
      { name: 'conf', mountPath: '/one.conf', subPath: 'app.conf' },
    ],
  });
  web.spec.volumes = [
    { name: 'conf', configMap: { name: 'settings' } },
    { name: 'scratch', emptyDir: {} },
    {
      name: 'all',
      projected: {
        sources: [
          { secret: { name: 'keys', items: [{ key: 'key', path: 'deep/key' }] } },
          { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
        ],
      },
    },
  ];
  for (const body of [web, two]) await api.call('POST', pods, { body });
  await running('web');
  await running('two');
});
afterAll(() => api.stop());

async function running(name: string): Promise<Json> {
  return vi.waitFor(async () => {
    api.clock.advance(1_000);
    const { body } = await api.call('GET', `${pods}/${name}`);
    expect(body.status.phase).toBe('Running');
    return body;
  });
}

function execPath(name: string, command: readonly string[], options = 'stdout=true&stderr=true'): string {
  return `${pods}/${name}/exec?${options}${command.map((word) => `&command=${encodeURIComponent(word)}`).join('')}`;
}

async function shell(script: string, name = 'web'): Promise<{ out: string; error: string; status: Json }> {
  const session = await openSession(api.cluster, execPath(name, ['sh', '-c', script]));
  const status = await session.status;
  return { out: session.text(1), error: session.text(2), status };
}

/** In a process of its own: the test runner gives the library's WebSocket another shape than Node does. */
async function throughLibrary(script: string): Promise<string> {
  const text = `
    import { PassThrough } from 'node:stream';
    import { Attach, Exec, KubeConfig } from '@kubernetes/client-node';
    const config = new KubeConfig();
    config.loadFromString(process.env.KUBECONFIG_TEXT);
    ${script}`;
  const env = { PATH: process.env.PATH ?? '', KUBECONFIG_TEXT: api.cluster.kubeconfig };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', text], {
    env,
    timeout: 15_000,
  });
  return stdout;
}

describe('exec', () => {
  it('says first that it is connected, then what the command writes, then that it has succeeded', async () => {
    const session = await openSession(api.cluster, execPath('web', ['echo', 'hello']));
    expect(session.protocol).toBe('v5.channel.k8s.io');
    expect(await session.status).toEqual({ metadata: {}, status: 'Success' });
    expect(session.order).toEqual([1, 1, 3]);
    expect(session.text(1)).toBe('hello\n');
  });

  it('reports the exit code of a command that fails', async () => {
    const { status, out, error } = await shell('echo out; echo err >&2; exit 42');
    expect({ out, error }).toEqual({ out: 'out\n', error: 'err\n' });
    expect(status).toEqual({
      metadata: {},
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: 'command terminated with non-zero exit code: exit status 42',
      details: { causes: [{ reason: 'ExitCode', message: '42' }] },
    });
  });

  it('says in the words of the runtime that there is no such program', async () => {
    const session = await openSession(api.cluster, execPath('web', ['nope']));
    expect(await session.status).toMatchObject({
      status: 'Failure',
      reason: 'InternalError',
      code: 500,
      message: expect.stringMatching(/exec: "nope": executable file not found in \$PATH$/),
    });
  });

  it('reads stdin until the client closes it (v5)', async () => {
    const session = await openSession(api.cluster, execPath('web', ['wc', '-c'], 'stdin=true&stdout=true'));
    session.send(0, 'four');
    session.send(0, 'more');
    session.socket.send(Buffer.of(255, 0));
    expect(await session.status).toMatchObject({ status: 'Success' });
    expect(session.text(1)).toBe('8\n');
  });

  it('sends nothing on channels that were not asked for', async () => {
    const session = await openSession(api.cluster, execPath('web', ['sh', '-c', 'echo a; echo b >&2'], 'stdout=true'));
    await session.status;
    expect(new Set(session.order)).toEqual(new Set([1, 3]));
  });

  it('chooses v4 for a client that knows no better, and the best of several', async () => {
    const path = execPath('web', ['true']);
    const old = await openSession(api.cluster, path, { protocols: ['v4.channel.k8s.io'] });
    expect(old.protocol).toBe('v4.channel.k8s.io');
    expect(await old.status).toMatchObject({ status: 'Success' });
    const both = await openSession(api.cluster, path, { protocols: ['v4.channel.k8s.io', 'v5.channel.k8s.io'] });
    expect(both.protocol).toBe('v5.channel.k8s.io');
    await both.status;
  });

  it('takes the token from a subprotocol, as browsers send it', async () => {
    const token = `base64url.bearer.authorization.k8s.io.${Buffer.from(api.cluster.token).toString('base64url')}`;
    const protocols = [token, 'v5.channel.k8s.io'];
    const session = await openSession(api.cluster, execPath('web', ['true']), { headers: {}, protocols });
    expect(session.protocol).toBe('v5.channel.k8s.io');
    expect(await session.status).toMatchObject({ status: 'Success' });
    await expect(
      openSession(api.cluster, execPath('web', ['true']), { headers: {}, protocols: [token] }),
    ).rejects.toMatchObject({ code: 401 });
  });

  it('speaks as a terminal: prompt, echo, editing, Ctrl-C, resize and Ctrl-D', async () => {
    const session = await openSession(api.cluster, execPath('web', ['sh'], 'stdin=true&stdout=true&tty=true'));
    const until = (text: string) => vi.waitFor(() => expect(session.text(1)).toContain(text));
    await until('/ # ');
    session.send(4, JSON.stringify({ Width: 120, Height: 40 }));
    session.send(0, 'stty sizes\u007f; echo $COLUMNS\r');
    await until('stty sizes\b \b; echo $COLUMNS\r\n40 120\r\n120\r\n/ # ');
    session.send(0, 'sleep 1000\r');
    await until('sleep 1000\r\n');
    session.send(0, '\u0003');
    await until('^C\r\n/ # ');
    session.send(0, 'echo $?; cat\r');
    await until('130\r\n');
    session.send(0, 'typed\r');
    await until('typed\r\ntyped\r\n');
    session.send(0, '\u0004');
    await until('typed\r\n/ # ');
    session.send(0, 'exit 3\r');
    expect(await session.status).toMatchObject({ reason: 'NonZeroExitCode' });
    expect(session.order).not.toContain(2);
  });

  it('shows the configuration of the container as variables and files', async () => {
    const { out } = await shell(
      'echo $POD $KEY "$BOTH"; cat /etc/app/app.conf /one.conf /all/deep/key; echo; head -n 1 /all/labels; hostname',
    );
    expect(out).toBe('web s3cret web-$(NONE)-$(POD)\ncolor=blue\ncolor=blue\ns3cret\napp="web"\nweb\n');
  });

  it('keeps what is written, where writing is allowed', async () => {
    await shell('echo kept > /scratch/f; echo also > /tmp/g');
    expect((await shell('cat /scratch/f /tmp/g')).out).toBe('kept\nalso\n');
    const refused = await shell('echo x > /etc/app/new');
    expect(refused.error).toBe("sh: can't create /etc/app/new: Read-only file system\n");
  });

  it('ends with 137 when the pod is deleted', async () => {
    await api.call('POST', pods, { body: pod('short') });
    await running('short');
    const session = await openSession(api.cluster, execPath('short', ['sleep', '1000']));
    await vi.waitFor(() => expect(session.order).toEqual([1]));
    await api.call('DELETE', `${pods}/short?gracePeriodSeconds=0`);
    expect(await session.status).toMatchObject({ details: { causes: [{ reason: 'ExitCode', message: '137' }] } });
  });

  it('stops a command that writes for ever once the client has gone', async () => {
    const session = await openSession(api.cluster, execPath('web', ['yes']));
    await vi.waitFor(() => expect(session.order.length).toBeGreaterThan(1));
    session.socket.pause();
    session.socket.terminate();
    await vi.waitFor(async () => expect((await shell('ps')).out).not.toContain('yes'));
  });

  it('serves the client library', async () => {
    const result = await throughLibrary(`
      const input = new PassThrough();
      const out = new PassThrough();
      out.on('data', (chunk) => process.stdout.write(chunk));
      await new Exec(config).exec('default', 'web', 'main', ['cat'], out, null, input, false, (status) => {
        process.stdout.write('|' + status.status);
      });
      input.end('through the library');
    `);
    expect(result).toBe('through the library|Success');
  });

  it.each([
    ['a pod that is not there', 'none', 'stdout=true', 404, 'pods "none" not found'],
    ['a container that is not there', 'web', 'stdout=true&container=no', 400, 'container no is not valid for pod web'],
    [
      'one of several containers without saying which',
      'two',
      'stdout=true',
      400,
      'a container name must be specified for pod two, choose one of: [prepare main side]',
    ],
    ['a container that has ended', 'two', 'stdout=true&container=prepare', 500, 'container not found ("prepare")'],
    ['no stream at all', 'web', 'stdout=false', 400, 'you must specify at least 1 of stdin, stdout, stderr'],
  ])('does not run a command in %s (refused)', async (_what, name, options, code, message) => {
    const error = await openSession(api.cluster, execPath(name, ['true'], options)).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(RefusedSession);
    expect(error).toMatchObject({
      code,
      body: expect.stringContaining(
        JSON.stringify(message)
          .slice(1, -1)
          .replaceAll('\\"', code === 500 ? '"' : '\\"'),
      ),
    });
  });

  it('speaks no protocol it does not know (refused)', async () => {
    const protocols = ['v9.channel.k8s.io'];
    await expect(openSession(api.cluster, execPath('web', ['true']), { protocols })).rejects.toMatchObject({
      code: 400,
    });
  });

  it('wants an upgrade, and not to SPDY (refused)', async () => {
    const path = execPath('web', ['true']);
    expect(await api.call('GET', path)).toMatchObject({ code: 400, body: { message: 'Upgrade request required' } });
    expect((await api.call('POST', path)).code).toBe(400);
    expect((await api.call('PUT', path)).code).toBe(405);
  });

  it('needs the rights to get and to create (refused)', async () => {
    const reader = api.cluster.addToken('reader', []);
    const headers = { authorization: `Bearer ${reader}` };
    await expect(openSession(api.cluster, execPath('web', ['true']), { headers })).rejects.toMatchObject({ code: 403 });
    const inside = api.cluster.addToken('inside', [], { namespaces: ['default'] });
    const session = await openSession(api.cluster, execPath('web', ['true']), {
      headers: { authorization: `Bearer ${inside}` },
    });
    expect(await session.status).toMatchObject({ status: 'Success' });
  });

  it('meets the faults and the log of the cluster like any request', async () => {
    api.cluster.requests.clear();
    api.cluster.faults = (request) => (request.subresource === 'exec' ? { status: 503 } : undefined);
    await expect(openSession(api.cluster, execPath('web', ['true']))).rejects.toMatchObject({ code: 503 });
    api.cluster.faults = undefined;
    expect(api.cluster.requests.count({ resource: 'pods', subresource: 'exec', verb: 'get', name: 'web' })).toBe(1);
  });

  it('takes no message above the limit (refused)', async () => {
    const session = await openSession(api.cluster, execPath('web', ['cat'], 'stdin=true&stdout=true'));
    const closed = new Promise((resolve) => session.socket.once('close', resolve));
    session.send(0, Buffer.alloc(1024 * 1024 + 1));
    expect(await closed).toBe(1009);
  });
});

describe('attach', () => {
  it('streams what the container writes until it ends', async () => {
    await api.call('POST', pods, { body: pod('talker') });
    await running('talker');
    const session = await openSession(api.cluster, `${pods}/talker/attach?stdout=true`);
    await vi.waitFor(() => {
      api.clock.advance(30_000);
      expect(session.text(1).split('\n').length).toBeGreaterThan(2);
    });
    await api.call('DELETE', `${pods}/talker?gracePeriodSeconds=0`);
    expect(await session.status).toMatchObject({ status: 'Success' });
  });

  it('serves the client library', async () => {
    let result: string | undefined;
    const running = throughLibrary(`
      const out = new PassThrough();
      const socket = await new Attach(config).attach('default', 'web', 'main', out, null, null, false);
      out.once('data', (chunk) => {
        process.stdout.write(chunk);
        socket.close();
      });
    `).then((text) => {
      result = text;
    });
    await vi.waitFor(
      () => {
        api.clock.advance(30_000);
        expect(result).toMatch(/\n$/);
      },
      { timeout: 15_000, interval: 200 },
    );
    await running;
  });
});

describe('what has no network behind it', () => {
  it.each([
    [`${pods}/web/portforward?ports=80`, 'GET'],
    [`${pods}/web/proxy/`, 'GET'],
    [`${pods}/http:web:80/proxy/path`, 'POST'],
    ['/api/v1/nodes/embedded-1/proxy/metrics', 'GET'],
  ])('%s is not supported (refused)', async (path, method) => {
    const { body } = await api.call('GET', '/api/v1/nodes');
    const answer = await api.call(method, path.replace('embedded-1', body.items[0].metadata.name));
    expect(answer).toMatchObject({ code: 405, body: { kind: 'Status', reason: 'MethodNotAllowed' } });
    expect(answer.body.message).toMatch(/is not supported/);
  });

  it('has kubelets all the same, which tell how full volumes of claims are', async () => {
    const { body } = await api.call('GET', '/api/v1/nodes');
    const name = body.items[0].metadata.name;
    const answer = await api.call('GET', `/api/v1/nodes/${name}/proxy/stats/summary`);
    expect(answer).toMatchObject({ code: 200, body: { node: { nodeName: name }, pods: expect.any(Array) } });
    expect((await api.call('GET', '/api/v1/nodes/nowhere/proxy/stats/summary')).code).toBe(404);
    expect((await api.call('POST', `/api/v1/nodes/${name}/proxy/stats/summary`)).code).toBe(405);
  });

  it('refuses a WebSocket for it with the same Status (refused)', async () => {
    const protocols = ['v5.channel.k8s.io'];
    const error = await openSession(api.cluster, `${pods}/web/portforward`, { protocols }).catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ code: 405 });
  });
});
