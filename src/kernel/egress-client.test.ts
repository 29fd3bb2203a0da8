import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { UpstreamError, ValidationError } from './answer-error.ts';
import { systemClock } from './clock.ts';
import { createEgressClient, type EgressClientOptions } from './egress-client.ts';
import { createManualClock } from './manual-clock.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server on every local address, which counts connections. */
async function serve(answer: RequestListener = (_request, response) => void response.end('hello')) {
  const seen: IncomingMessage[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, seen, connections: () => connections };
}

function client(options: Partial<EgressClientOptions> = {}) {
  const egress = createEgressClient({ allow: [], clock: systemClock, ...options });
  cleanups.push(() => egress.close());
  return egress;
}

const resolveTo = (hosts: Record<string, string[]>) => async (host: string) => {
  const addresses = hosts[host];
  if (!addresses) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

/** What these names resolve to is the attacker's choice. */
const hostileNames = {
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'kubernetes.default.svc': ['10.96.0.1'],
  'loopback.attacker.example': ['127.0.0.1'],
  'private.attacker.example': ['192.168.1.1'],
  'mapped.attacker.example': ['::ffff:127.0.0.1'],
  'six.attacker.example': ['::1'],
  'mixed.attacker.example': ['8.8.8.8', '127.0.0.1'],
  'zero.attacker.example': ['0.0.0.0'],
  'cgnat.attacker.example': ['100.64.0.1'],
  'nat64.attacker.example': ['64:ff9b::a9fe:a9fe'],
  'scoped.attacker.example': ['fe80::1%eth0'],
  'odd.attacker.example': ['not-an-address'],
  'empty.attacker.example': [],
};

const hostile = [
  // Loopback in all its spellings.
  'http://127.0.0.1:PORT/',
  'http://127.0.0.2:PORT/',
  'http://127.1:PORT/',
  'http://127.0.1:PORT/',
  'http://2130706433:PORT/',
  'http://0x7f000001:PORT/',
  'http://0x7f.0.0.1:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://017700000001:PORT/',
  'http://0x7f.1:PORT/',
  'http://127.0.0.1.:PORT/',
  'http://①②⑦.⓪.⓪.①:PORT/',
  'http://127。0。0。1:PORT/',
  'http://%31%32%37.0.0.1:PORT/',
  'http://[::1]:PORT/',
  'http://[0:0:0:0:0:0:0:1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::ffff:7f00:1]:PORT/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/',
  'http://[::127.0.0.1]:PORT/',
  'https://127.0.0.1:PORT/',
  'http://localhost:PORT/',
  'http://LOCALHOST:PORT/',
  'http://localhost.:PORT/',
  // "This host", broadcast, multicast.
  'http://0.0.0.0:PORT/',
  'http://0:PORT/',
  'http://[::]:PORT/',
  'http://255.255.255.255/',
  'http://224.0.0.1/',
  'http://[ff02::1]/',
  // Metadata and link-local.
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://100.100.100.200/',
  'http://168.63.129.16/',
  'http://metadata.google.internal/',
  'http://[64:ff9b::169.254.169.254]/',
  'http://[2002:a9fe:a9fe::]/',
  // Private and reserved networks.
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://172.31.255.254/',
  'http://192.168.0.1/',
  'http://100.64.0.1/',
  'http://198.18.0.1/',
  'http://[fc00::1]/',
  'http://[fd12:3456::1]/',
  'http://[fec0::1]/',
  'http://[2001:db8::1]/',
  'http://[100::1]/',
  'http://kubernetes.default.svc/',
  // Names that lead inside.
  'http://loopback.attacker.example:PORT/',
  'http://private.attacker.example/',
  'http://mapped.attacker.example:PORT/',
  'http://six.attacker.example:PORT/',
  'http://mixed.attacker.example:PORT/',
  'http://zero.attacker.example:PORT/',
  'http://cgnat.attacker.example/',
  'http://nat64.attacker.example/',
  'http://scoped.attacker.example/',
  'http://odd.attacker.example/',
  'http://empty.attacker.example/',
  // Other schemes, credentials in the address, no address at all.
  'file:///etc/passwd',
  'gopher://127.0.0.1:PORT/_x',
  'ftp://127.0.0.1/',
  'unix:///var/run/docker.sock',
  'data:text/plain,x',
  'javascript:1',
  'ws://127.0.0.1:PORT/',
  'http://user:password@127.0.0.1:PORT/',
  'http://registry.example@127.0.0.1:PORT/',
  'http://127.0.0.1:PORT@registry.example/',
  '//127.0.0.1/',
  '127.0.0.1:PORT',
  'http://',
  '',
];

describe('createEgressClient', () => {
  it.each(hostile)('refuses %s', async (pattern) => {
    const server = await serve();
    const egress = client({ resolve: resolveTo(hostileNames) });
    const url = pattern.replace('PORT', String(server.port));
    const error = await egress.request({ url }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ issues: [{ code: 'address_refused' }] });
    expect(server.connections()).toBe(0);
  });

  // Names that nobody but a resolver can tell about.
  const isByName = (url: string) => /attacker|internal|default\.svc/.test(url);
  it.each(hostile.filter((url) => !isByName(url)))('objects to %s as it is written', (pattern) => {
    expect(client().objectionTo(pattern.replace('PORT', '1'))).toMatch(/^(must|is not|leads)/);
  });

  it.each([
    { url: 'https://hooks.example/alarm?x=1', allow: [] },
    { url: 'https://8.8.8.8/', allow: [] },
    { url: 'http://localhost.example/', allow: [] },
    { url: 'http://10.0.0.1/', allow: ['10.0.0.0/8'] },
    { url: 'http://localhost:8080/', allow: ['localhost:8080'] },
    { url: 'http://[::ffff:10.0.0.1]/', allow: ['10.0.0.1'] },
  ])('objects not to $url where $allow is allowed', ({ url, allow }) => {
    expect(client({ allow }).objectionTo(url)).toBeUndefined();
  });

  it('objects to metadata addresses whatever host is allowed (refused)', () => {
    expect(client({ allow: ['10.0.0.0/8'] }).objectionTo('http://169.254.169.254/')).toMatch(/^leads to/);
  });

  it.each([
    { name: 'an address', allow: ['127.0.0.1'], url: 'http://127.0.0.1:PORT/' },
    { name: 'a range', allow: ['127.0.0.0/8'], url: 'http://127.9.9.9:PORT/' },
    { name: 'an IPv6 range', allow: ['::1/128'], url: 'http://[::1]:PORT/' },
    { name: 'a name', allow: ['registry.inside'], url: 'http://registry.inside:PORT/' },
    { name: 'a name in other letters', allow: ['Registry.Inside.'], url: 'http://REGISTRY.inside:PORT/' },
    { name: 'a name by its address', allow: ['127.0.0.1/32'], url: 'http://registry.inside:PORT/' },
  ])('calls what is allowed by $name', async ({ allow, url }) => {
    const { port } = await serve();
    const egress = client({ allow, resolve: resolveTo({ 'registry.inside': ['127.0.0.1'] }) });
    const answer = await egress.request({ url: url.replace('PORT', String(port)) });
    expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([200, 'hello']);
  });

  it.each([
    { name: 'another name', allow: ['registry.inside'], url: 'http://other.inside:PORT/' },
    { name: 'a longer name', allow: ['registry.inside'], url: 'http://registry.inside.attacker.example:PORT/' },
    { name: 'another port', allow: ['registry.inside:1'], url: 'http://registry.inside:PORT/' },
    { name: 'another range', allow: ['10.0.0.0/8'], url: 'http://registry.inside:PORT/' },
    {
      name: 'a metadata address behind an allowed name',
      allow: ['poisoned.inside'],
      url: 'http://poisoned.inside:PORT/',
    },
  ])('calls what is allowed (refused: $name)', async ({ allow, url }) => {
    const server = await serve();
    const inside = ['127.0.0.1'];
    const resolve = resolveTo({
      'registry.inside': inside,
      'other.inside': inside,
      'registry.inside.attacker.example': inside,
      'poisoned.inside': ['169.254.169.254'],
    });
    await expect(client({ allow, resolve }).request({ url: url.replace('PORT', String(server.port)) })).rejects.toThrow(
      ValidationError,
    );
    expect(server.connections()).toBe(0);
  });

  it.each(['http://x', '10.0.0.0/33', 'a b', '*.inside', ''])("does not start with '%s' in egress.allow", (entry) => {
    expect(() => client({ allow: [entry] })).toThrow();
  });

  it('checks again when a name resolves to something else', async () => {
    const server = await serve((_request, response) => void response.setHeader('connection', 'close').end());
    const addresses = ['127.0.0.1', '127.0.0.2'];
    const resolve = async () => [{ address: addresses.shift() ?? '', family: 4 }];
    const egress = client({ allow: ['127.0.0.1'], resolve });
    const url = `http://rebinding.attacker.example:${server.port}/`;
    expect((await egress.request({ url })).status).toBe(200);
    await expect(egress.request({ url })).rejects.toThrow('leads to this machine or an inside network');
    expect(server.connections()).toBe(1);
  });

  describe('redirects', () => {
    async function redirecting(target: string, status = 302) {
      const other = await serve((_request, response) => void response.end('other'));
      const first = await serve((request, response) => {
        if (request.url === '/') response.writeHead(status, { location: target.replace('OTHER', String(other.port)) });
        response.end('first');
      });
      const egress = client({
        allow: ['one.inside', 'two.inside'],
        resolve: resolveTo({ 'one.inside': ['127.0.0.1'], 'two.inside': ['127.0.0.1'] }),
      });
      return { first, other, egress, url: `http://one.inside:${first.port}/` };
    }
    const headers = { authorization: 'Bearer sesame', cookie: 'a=b', 'private-token': 'sesame', accept: 'text/plain' };

    it('keeps credentials on the same origin', async () => {
      const { first, egress, url } = await redirecting('/there');
      const answer = await egress.request({ url, headers });
      expect(answer.url).toBe(`${url}there`);
      expect(first.seen[1]?.headers).toMatchObject(headers);
    });

    it.each([
      'http://two.inside:OTHER/x',
      'http://one.inside:OTHER/x',
    ])('never sends credentials to another origin: %s', async (target) => {
      const { other, egress, url } = await redirecting(target);
      const answer = await egress.request({ url, headers });
      expect(Buffer.from(answer.body).toString()).toBe('other');
      expect(JSON.stringify(other.seen[0]?.headers)).not.toMatch(/sesame|cookie|token/);
      expect(other.seen[0]?.headers.accept).toBe('text/plain');
    });

    it.each([
      'http://127.0.0.1:OTHER/',
      'http://metadata.google.internal/',
      'http://[::1]:OTHER/',
    ])('does not follow inside: %s', async (target) => {
      const { other, egress, url } = await redirecting(target);
      await expect(egress.request({ url })).rejects.toThrow();
      expect(other.connections()).toBe(0);
    });

    it.each([
      'file:///etc/passwd',
      'http://user:password@two.inside:OTHER/',
      'gopher://two.inside/',
    ])('does not follow to %s', async (target) => {
      const { other, egress, url } = await redirecting(target);
      await expect(egress.request({ url })).rejects.toThrow(
        'redirects to something that is no plain http or https address',
      );
      expect(other.connections()).toBe(0);
    });

    it('does not hand a body to another host', async () => {
      const { other, egress, url } = await redirecting('http://two.inside:OTHER/', 307);
      await expect(egress.request({ url, method: 'POST', body: 'sesame' })).rejects.toThrow(
        'redirects a POST with a body to another host',
      );
      expect(other.connections()).toBe(0);
    });

    it('answers with the redirect itself where none shall be followed', async () => {
      const { other, egress, url } = await redirecting('http://two.inside:OTHER/');
      expect((await egress.request({ url, maxRedirects: 0 })).status).toBe(302);
      expect(other.connections()).toBe(0);
    });

    it('gives up after five', async () => {
      const { egress, url } = await redirecting('/');
      await expect(egress.request({ url })).rejects.toThrow('redirects more than 5 times');
    });
  });

  it('reads only so many bytes', async () => {
    const { port } = await serve((_request, response) => void response.end('x'.repeat(1000)));
    const egress = client({ allow: ['127.0.0.1'] });
    const url = `http://127.0.0.1:${port}/`;
    expect((await egress.request({ url, maxBytes: 1000 })).body).toHaveLength(1000);
    await expect(egress.request({ url, maxBytes: 999 })).rejects.toThrow('answers with more than 999 bytes');
  });

  it('waits only so long, for the head and for the body', async () => {
    const { port, seen } = await serve((request, response) => {
      if (request.url === '/body') response.write('begun');
    });
    const clock = createManualClock();
    const egress = client({ allow: ['127.0.0.1'], clock });
    for (const path of ['head', 'body']) {
      const before = seen.length;
      const answer = egress.request({ url: `http://127.0.0.1:${port}/${path}`, timeoutMs: 5_000 });
      await expect.poll(() => seen.length).toBe(before + 1);
      clock.advance(5_000);
      await expect(answer).rejects.toThrow(`http://127.0.0.1:${port} did not answer within 5 s`);
    }
  });

  it('tells neither path nor query of an address that cannot be reached', async () => {
    const egress = client({ allow: ['nowhere.inside'], resolve: resolveTo({}) });
    const error = await egress
      .request({ url: 'http://nowhere.inside/hook?token=sesame' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UpstreamError);
    expect((error as UpstreamError).message).toBe('http://nowhere.inside cannot be reached');
  });

  it('stops when the caller does', async () => {
    const { port, seen } = await serve(() => {});
    const abort = new AbortController();
    const answer = client({ allow: ['127.0.0.1'] }).request({ url: `http://127.0.0.1:${port}/`, signal: abort.signal });
    await expect.poll(() => seen.length).toBe(1);
    abort.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('listen', () => {
  it.each([
    { what: 'an address of this machine', url: (port: number) => `http://127.0.0.1:${port}/tail` },
    { what: 'a name that leads to it', url: (port: number) => `http://loopback.attacker.example:${port}/tail` },
  ])('opens no WebSocket to $what (refused)', async ({ url }) => {
    const { port, connections } = await serve();
    const egress = client({ resolve: resolveTo(hostileNames) });
    const listening = egress.listen({
      url: url(port),
      signal: new AbortController().signal,
      onOpen() {},
      onMessage() {},
    });
    await expect(listening).rejects.toThrow(/is not allowed|cannot be reached/);
    expect(connections()).toBe(0);
  });

  it('says where what answers is no WebSocket (refused)', async () => {
    const { port } = await serve();
    const listening = client({ allow: [`127.0.0.1:${port}`] }).listen({
      url: `http://127.0.0.1:${port}/tail?token=secret`,
      signal: new AbortController().signal,
      onOpen() {},
      onMessage() {},
    });
    await expect(listening).rejects.toThrow(`http://127.0.0.1:${port} cannot be reached`);
  });
});
