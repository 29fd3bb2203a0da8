import { describe, expect, it } from 'vitest';
import { createOriginGuard, type GuardedRequest, type OriginGuardOptions } from './create-origin-guard.ts';

function guardWith(options: Partial<OriginGuardOptions> = {}) {
  return createOriginGuard({
    ownPort: () => 4000,
    loopback: true,
    allowedHosts: ['api.example.com', 'api.example.com:8443'],
    allowedOrigins: ['https://console.example.com', 'https://console.example.com:8443'],
    ...options,
  });
}

const request = (more: Partial<GuardedRequest> = {}): GuardedRequest => ({
  host: '127.0.0.1:4000',
  origin: undefined,
  secFetchSite: undefined,
  method: 'POST',
  path: '/graphql',
  ...more,
});

describe('originGuard.check on Host', () => {
  it.each([
    '127.0.0.1:4000',
    'localhost:4000',
    'LocalHost:4000',
    '[::1]:4000',
    'api.example.com',
    'API.example.com',
    'api.example.com:8443',
  ])('answers %s', (host) => {
    expect(guardWith().check(request({ host }))).toEqual({ ok: true });
  });

  it.each([
    [undefined, 400],
    ['', 400],
    [' ', 400],
    ['127.0.0.1', 403],
    ['127.0.0.1:4001', 403],
    ['127.0.0.1:04000', 400],
    ['127.0.0.1:', 400],
    ['127.0.0.1:4000:4000', 400],
    ['127.1:4000', 403],
    ['2130706433:4000', 403],
    ['0.0.0.0:4000', 403],
    ['0x7f.1:4000', 403],
    ['[::]:4000', 403],
    ['[::ffff:127.0.0.1]:4000', 403],
    ['::1:4000', 400],
    ['localhost.:4000', 400],
    ['localhost.evil.example:4000', 403],
    ['evil-localhost:4000', 403],
    ['localhost:4000.evil.example', 400],
    ['localhost@evil.example:4000', 400],
    ['user:pass@localhost:4000', 400],
    ['localhost:4000@evil.example', 400],
    ['localhost:4000/', 400],
    ['localhost:4000, evil.example', 400],
    ['localhost :4000', 400],
    ['lоcalhost:4000', 400],
    ['evil.example', 403],
    ['evil.example:4000', 403],
    ['api.example.com.', 400],
    ['api.example.com:443', 403],
    ['api.example.com:80', 403],
    ['api.example.com.evil.example', 403],
    ['evil-api.example.com', 403],
    ['x.api.example.com', 403],
    ['example.com', 403],
    ['.api.example.com', 400],
    ['*', 400],
  ])('refuses %j with %d (refused)', (host, status) => {
    expect(guardWith().check(request({ host }))).toMatchObject({ ok: false, status });
  });

  it('answers loopback names only where the listener is loopback', () => {
    const verdict = guardWith({ loopback: false }).check(request({ host: 'localhost:4000' }));
    expect(verdict).toMatchObject({ ok: false, status: 403 });
    expect(guardWith({ loopback: false }).check(request({ host: 'api.example.com' }))).toEqual({ ok: true });
  });

  it('knows its own port when it listens, not before', () => {
    let port = 0;
    const guard = guardWith({ ownPort: () => port });
    expect(guard.check(request())).toMatchObject({ ok: false });
    port = 4000;
    expect(guard.check(request())).toEqual({ ok: true });
  });

  it('takes its names without a port where the port is the default one', () => {
    expect(guardWith({ ownPort: () => 80 }).check(request({ host: 'localhost' }))).toEqual({ ok: true });
  });

  it.each(['/livez', '/readyz', '/readyz?verbose'])('asks nothing of Host on %s', (path) => {
    expect(guardWith().check(request({ host: '10.1.2.3:4000', path }))).toEqual({ ok: true });
    expect(guardWith().check(request({ host: undefined, path }))).toEqual({ ok: true });
  });

  it.each([
    '/livez/',
    '/livez/x',
    '//livez',
    '/LIVEZ',
    '/graphql?/livez',
    '/metrics',
    '/',
  ])('asks it on %s (refused)', (path) => {
    expect(guardWith().check(request({ host: '10.1.2.3:4000', path }))).toMatchObject({ ok: false });
  });
});

describe('originGuard.check on Origin', () => {
  it.each([
    ['no page at all', undefined, undefined],
    ['a page of ours, said by the browser', undefined, 'same-origin'],
    ['an address typed in', undefined, 'none'],
    ['own origin by address', 'http://127.0.0.1:4000', 'same-origin'],
    ['own origin by name', 'http://localhost:4000', undefined],
    ['own origin in IPv6', 'http://[::1]:4000', undefined],
    ['a console', 'https://console.example.com', 'cross-site'],
    ['a console on its port', 'https://console.example.com:8443', undefined],
  ])('answers %s', (_name, origin, secFetchSite) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      expect(guardWith().check(request({ origin, secFetchSite, method }))).toEqual({ ok: true });
    }
  });

  it.each([
    'null',
    '',
    '*',
    'https://evil.example',
    'http://localhost',
    'http://localhost:4001',
    'https://localhost:4000',
    'HTTP://localhost:4000',
    'http://LOCALHOST:4000',
    'http://localhost:4000/',
    'http://localhost.:4000',
    'http://localhost:4000.evil.example',
    'http://localhost.evil.example:4000',
    'http://localhost:4000@evil.example',
    'http://user@localhost:4000',
    'http://127.0.0.1:4000, http://evil.example',
    'file://',
    'chrome-extension://abcdef',
    'http://console.example.com',
    'https://console.example.com:443',
    'https://console.example.com.',
    'https://console.example.com/',
    'https://console.example.com.evil.example',
    'https://evil-console.example.com',
    'https://x.console.example.com',
    'https://CONSOLE.example.com',
    'https://user@console.example.com',
    'https://console.example.com@evil.example',
    'https://console.example.com:8444',
    ' https://console.example.com',
    'https://example.com',
  ])('refuses %j whatever the method (refused)', (origin) => {
    for (const method of ['GET', 'POST', 'OPTIONS', 'PUT']) {
      expect(guardWith().check(request({ origin, method }))).toMatchObject({ ok: false, status: 403 });
    }
  });

  it.each(['cross-site', 'Cross-Site'])('refuses another site that sends none: %s (refused)', (secFetchSite) => {
    expect(guardWith().check(request({ secFetchSite }))).toMatchObject({ ok: false, status: 403 });
  });

  it('asks it on the health routes too (refused)', () => {
    const verdict = guardWith().check(request({ path: '/livez', origin: 'https://evil.example' }));
    expect(verdict).toMatchObject({ ok: false, status: 403 });
  });

  it('takes its own origin for nobody’s where the listener is not loopback (refused)', () => {
    const verdict = guardWith({ loopback: false }).check(
      request({ host: 'api.example.com', origin: 'http://localhost:4000' }),
    );
    expect(verdict).toMatchObject({ ok: false, status: 403 });
  });
});

describe('createOriginGuard', () => {
  it.each([
    '*',
    '*.example.com',
    'https://api.example.com',
    'api.example.com/',
    'api.example.com.',
    '',
  ])('does not start with the host %j (refused)', (host) => {
    expect(() => guardWith({ allowedHosts: [host] })).toThrow('allowedHosts:');
  });

  it.each([
    '*',
    'null',
    'console.example.com',
    'https://console.example.com/',
    'https://*.example.com',
    'https://u@x.example',
    'file:///x',
    'https://X.example',
    'https://x.example:443',
  ])('does not start with the origin %j (refused)', (origin) => {
    expect(() => guardWith({ allowedOrigins: [origin] })).toThrow('allowedOrigins:');
  });
});
