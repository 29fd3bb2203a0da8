import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { listSettings } from './list-settings.ts';
import { type LoadSettingsOptions, loadSettings } from './load-settings.ts';

const goodKey = 'q83vEjRWeJCrze8SNFZ4kLvM3e7/ABEiM0RVZneImao=';
const guessableHash = createHash('sha256').update('test').digest('hex');
const goodHash = 'ab'.repeat(32);
const serveEnv = {
  LONGSHORE_SECRET_KEY: goodKey,
  LONGSHORE_ALLOWED_HOSTS: 'api.example.com',
  LONGSHORE_ALLOWED_ORIGINS: 'https://console.example.com',
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function configFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-config-'));
  folders.push(folder);
  const path = join(folder, 'longshore.yaml');
  writeFileSync(path, text);
  return path;
}

function load(options: Partial<LoadSettingsOptions> & { yaml?: string } = {}) {
  const { yaml, argv = [], ...rest } = options;
  const file = yaml === undefined ? [] : ['--config', configFile(yaml)];
  return loadSettings({ mode: 'dev', env: {}, cwd: '/srv', ...rest, argv: [...argv, ...file] });
}

function problemsOf(options: Parameters<typeof load>[0]): string[] {
  try {
    load(options);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map((line) => line.replaceAll(/\/\S*\/longshore\.yaml/g, 'longshore.yaml'));
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('loadSettings', () => {
  it('needs nothing in dev', () => {
    const { sources, ...settings } = load();
    expect(settings).toMatchInlineSnapshot(`
      {
        "allowedHosts": [],
        "allowedOrigins": [],
        "clusters": [],
        "dataDir": "/srv/.longshore",
        "devTokens": true,
        "drainNoticeSeconds": 0,
        "drainSeconds": 25,
        "drainSpreadSeconds": 0,
        "egress": {
          "allow": [],
        },
        "embedded": {
          "enabled": true,
          "engines": [
            "kruise",
            "volume-snapshot",
            "gateway-api",
            "kube-ovn",
            "longshore",
          ],
          "nodes": 3,
        },
        "graphiql": true,
        "host": "127.0.0.1",
        "introspection": true,
        "journal": {
          "maxAgeHours": 24,
          "maxEntries": 100000,
        },
        "limits": {
          "aliases": 50,
          "answerCacheBytes": 67108864,
          "bodyBytes": 2097152,
          "cost": 100000,
          "costPerMinute": 1000000000,
          "depth": 15,
          "directives": 50,
          "failedSignInsPerMinute": 100000,
          "inFlight": 200,
          "inFlightPerPrincipal": 50,
          "pageSize": 1000,
          "queueBytes": 1048576,
          "queueMessages": 1000,
          "socketsPerPrincipal": 50,
          "subscriptionsPerSocket": 100,
          "terminals": 500,
          "tokens": 5000,
        },
        "logFormat": "pretty",
        "logLevel": "info",
        "metrics": {},
        "mode": "dev",
        "oidc": [],
        "pluginSettings": {},
        "plugins": [
          {
            "optional": false,
            "plugin": "core",
          },
          {
            "optional": false,
            "plugin": "compute",
          },
          {
            "optional": false,
            "plugin": "storage",
          },
          {
            "optional": false,
            "plugin": "network",
          },
          {
            "optional": false,
            "plugin": "release",
          },
        ],
        "port": 4000,
        "profile": "default",
        "profiles": [],
        "roles": [],
        "serviceAccounts": [],
        "serviceTokens": {
          "ownerSeenWithinDays": 30,
        },
        "slowOperationMs": 1000,
        "tokens": [],
        "tracing": {
          "headers": [],
          "sampledPercent": 10,
        },
        "trustedDocuments": {
          "only": false,
        },
        "trustedProxies": [],
      }
    `);
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']));
  });

  it('starts serve with a key and the allow-lists', () => {
    const settings = load({ mode: 'serve', env: serveEnv });
    expect(settings).toMatchObject({
      host: '0.0.0.0',
      graphiql: false,
      introspection: true,
      embedded: { enabled: false },
      logFormat: 'json',
    });
    expect(settings.secretKey).toEqual(Buffer.from(goodKey, 'base64'));
  });

  it('starts serve with a key and the allow-lists (refused without)', () => {
    expect(problemsOf({ mode: 'serve' })).toMatchInlineSnapshot(`
      [
        "secretKey is missing: serve needs it in LONGSHORE_SECRET_KEY; make one with: openssl rand -base64 32",
        "allowedHosts is missing: serve needs the host names it is called by, e.g. LONGSHORE_ALLOWED_HOSTS=api.example.com",
        "allowedOrigins is missing: serve needs the origins of its consoles, e.g. LONGSHORE_ALLOWED_ORIGINS=https://console.example.com",
      ]
    `);
  });

  it.each(['migrate', 'schema'] as const)('lets %s run without them', (mode) => {
    expect(load({ mode }).secretKey).toBeUndefined();
  });

  it('lets the environment win over the file and flags over both', () => {
    const yaml = 'port: 1\nlogLevel: warn\ndrainSeconds: 3\n';
    const settings = load({ yaml, env: { LONGSHORE_PORT: '2', LONGSHORE_LOG_LEVEL: 'error' }, argv: ['--port', '3'] });
    expect(settings).toMatchObject({ port: 3, logLevel: 'error', drainSeconds: 3 });
    expect(settings.sources).toMatchObject({
      port: 'flag --port',
      logLevel: 'environment LONGSHORE_LOG_LEVEL',
      drainSeconds: expect.stringMatching(/^file .*longshore\.yaml$/),
      host: 'default',
    });
  });

  it('merges groups key by key', () => {
    const { limits } = load({ yaml: 'limits:\n  depth: 20\n', env: { LONGSHORE_LIMITS_COST: '50000' } });
    expect(limits).toMatchObject({ depth: 20, cost: 50_000, tokens: 5000 });
  });

  it('counts relative paths from the place that names them', () => {
    const yaml =
      'dataDir: data\nprofiles: [own/shop.yaml]\nplugins: [./mine, compute]\nclusters:\n  - { name: a, kubeconfig: a.yaml }\n';
    const path = configFile(yaml);
    const folder = join(path, '..');
    const settings = loadSettings({ mode: 'dev', argv: ['--config', path], env: {}, cwd: '/srv' });
    expect(settings.dataDir).toBe(join(folder, 'data'));
    expect(settings.profiles).toEqual([join(folder, 'own/shop.yaml')]);
    expect(settings.clusters[0]?.kubeconfig).toBe(join(folder, 'a.yaml'));
    expect(settings.plugins.map(({ plugin }) => plugin)).toEqual(['core', join(folder, 'mine'), 'compute']);
    expect(load({ argv: ['--plugins', './mine'], env: { LONGSHORE_DATA_DIR: 'x' } })).toMatchObject({
      dataDir: '/srv/x',
      plugins: [{ plugin: 'core' }, { plugin: '/srv/mine' }],
    });
  });

  it('runs the embedded cluster only where no other is named', () => {
    expect(load().embedded.enabled).toBe(true);
    expect(load({ argv: ['--kubeconfig', 'k'] })).toMatchObject({ embedded: { enabled: false }, kubeconfig: '/srv/k' });
    expect(load({ argv: ['--kubeconfig', 'k', '--embedded'] }).embedded.enabled).toBe(true);
    expect(load({ argv: ['--no-embedded'] }).embedded.enabled).toBe(false);
    expect(load({ yaml: 'clusters: [{ name: a, inCluster: true }]' }).embedded.enabled).toBe(false);
    expect(load({ env: { KUBECONFIG: '/root/.kube/config' } })).toMatchObject({ embedded: { enabled: true } });
    expect(load({ env: { KUBECONFIG: '/root/.kube/config' } }).kubeconfig).toBeUndefined();
  });

  it('reads OpenID Connect providers, with what their groups give', () => {
    const yaml = `
oidc:
  - issuer: https://id.example.com/realms/a
    audience: longshore
    rolesFromGroups: { platform: ADMIN, shop: DEVELOPER }
    namespacesFromGroups: { shop: [shop, far/bank] }
`;
    expect(load({ yaml }).oidc).toEqual([
      {
        issuer: 'https://id.example.com/realms/a',
        audience: 'longshore',
        usernameClaim: 'sub',
        groupsClaim: 'groups',
        rolesFromGroups: { platform: 'ADMIN', shop: 'DEVELOPER' },
        namespacesFromGroups: {
          shop: [
            { cluster: '*', namespace: 'shop' },
            { cluster: 'far', namespace: 'bank' },
          ],
        },
        clockSkewSeconds: 30,
      },
    ]);
  });

  it.each([
    ['http://id.example.com'],
    ['http://127.0.0.1.example.com'],
    ['https://user:pass@id.example.com'],
    ['https://id.example.com?x=1'],
    ['ftp://id.example.com'],
    ['id.example.com'],
  ])('takes no provider at %s (refused)', (issuer) => {
    expect(problemsOf({ yaml: `oidc: [{ issuer: '${issuer}', audience: a }]` })).toEqual([
      expect.stringMatching(/^oidc\[0\]\.issuer must be an https:\/\/ URL without user name/),
    ]);
  });

  it.each([
    ['a role that is no name', "rolesFromGroups: { a: 'no role' }"],
    ['a prefix that a cluster has', "groupsPrefix: 'serviceaccounts:'"],
    ['a prefix that does not end', 'groupsPrefix: corp'],
    ['a group of the cluster', "rolesFromGroups: { 'system:masters': ADMIN }"],
    ['a clock an hour away', 'clockSkewSeconds: 3600'],
  ])('takes no provider with %s (refused)', (_what, line) => {
    expect(problemsOf({ yaml: `oidc: [{ issuer: 'https://id.example.com', audience: a, ${line} }]` })).toHaveLength(1);
  });

  it('reads clusters whose service accounts sign in', () => {
    expect(load({ yaml: 'serviceAccounts: [{ cluster: far, audiences: [longshore] }]' }).serviceAccounts).toEqual([
      { cluster: 'far', audiences: ['longshore'], rolesFromGroups: {}, namespacesFromGroups: {} },
    ]);
  });

  it('takes two clusters with one audience and an issuer each', () => {
    const of = (name: string) => `{ cluster: ${name}, audiences: [longshore], issuer: 'https://${name}' }`;
    expect(load({ yaml: `serviceAccounts: [${of('far')}, ${of('near')}]` }).serviceAccounts).toHaveLength(2);
  });

  it.each([
    ['without issuers', '', ''],
    ['with one issuer', ", issuer: 'https://a'", ''],
    ['with the same issuer', ", issuer: 'https://a'", ", issuer: 'https://a'"],
  ])('takes no two clusters %s that would be shown the same tokens (refused)', (_what, one, other) => {
    const yaml = `serviceAccounts: [{ cluster: far, audiences: [a, b]${one} }, { cluster: near, audiences: [b]${other} }]`;
    expect(problemsOf({ yaml })).toEqual([
      "serviceAccounts[1] and serviceAccounts[0] share the audience 'b': each needs its own audiences, or its own issuer",
    ]);
  });

  it('takes no cluster without an audience (refused)', () => {
    expect(problemsOf({ yaml: 'serviceAccounts: [{ cluster: far, audiences: [] }]' })).toHaveLength(1);
  });

  it('takes no issuer twice (refused)', () => {
    const provider = (prefix: string) => `{ issuer: 'https://id.example.com', audience: a, groupsPrefix: '${prefix}' }`;
    expect(problemsOf({ yaml: `oidc: [${provider('a:')}, ${provider('b:')}]` })).toEqual([
      "oidc: 'https://id.example.com' stands there twice, each issuer must be unique",
    ]);
  });

  it('keeps the groups of two providers apart by prefixes, each its own (CORE-09)', () => {
    const yaml = (...prefixes: readonly (string | undefined)[]) => {
      const providers = prefixes.map(
        (prefix, index) =>
          `{ issuer: 'https://id${index}.example.com', audience: a${prefix === undefined ? '' : `, groupsPrefix: '${prefix}'`} }`,
      );
      return { yaml: `oidc: [${providers.join(', ')}]` };
    };
    expect(load(yaml('corp:', 'partner:')).oidc.map(({ groupsPrefix }) => groupsPrefix)).toEqual(['corp:', 'partner:']);
    expect(problemsOf(yaml('corp:', undefined))).toEqual([
      "oidc[1].groupsPrefix is missing: with several providers each needs its own, such as 'corp:'",
    ]);
    expect(problemsOf(yaml('corp:', 'CORP:'))).toEqual(['oidc[1].groupsPrefix is the same as that of oidc[0]']);
  });

  it('reads roles of its own (CORE-09)', () => {
    const yaml = `
roles:
  - name: auditor
    description: Reads everything
    extends: [GUEST]
    rules:
      - { actions: [READ], subjects: ALL, where: namespaces }
      - { actions: ALL, subjects: [release/Order], where: { member: DEVELOPER, principalIn: [owner, operators] } }
`;
    expect(load({ yaml }).roles).toEqual([
      {
        name: 'auditor',
        description: 'Reads everything',
        extends: ['GUEST'],
        isForMembers: false,
        rules: [
          { actions: ['READ'], subjects: 'ALL', where: 'namespaces' },
          {
            actions: 'ALL',
            subjects: ['release/Order'],
            where: { member: 'DEVELOPER', principalIn: ['owner', 'operators'] },
          },
        ],
      },
    ]);
  });

  it.each([
    {
      name: 'no name',
      role: '{ name: no role, description: x }',
      says: "roles[0].name must be the name of a role: letters, digits, '-' and '_', beginning with a letter, up to 63, got \"no role\" (file longshore.yaml)",
    },
    {
      name: 'a misspelt key',
      role: '{ name: a, description: x, extend: [GUEST] }',
      says: "roles[0].extend is not a setting (file longshore.yaml); did you mean 'extends'?",
    },
    {
      name: 'no actions',
      role: '{ name: a, description: x, rules: [{ actions: [], subjects: ALL }] }',
      says: 'roles[0].rules[0].actions must be ALL or a list of actions such as READ or SCALE, got an empty list (file longshore.yaml)',
    },
    {
      name: 'a misspelt condition',
      role: '{ name: a, description: x, rules: [{ actions: ALL, subjects: ALL, where: { namespace: true } }] }',
      says: "roles[0].rules[0].where.namespace is not a setting (file longshore.yaml); did you mean 'namespaces'?",
    },
  ])('takes no role with $name, and names the setting (CORE-09, refused)', ({ role, says }) => {
    expect(problemsOf({ yaml: `roles: [${role}]` })).toEqual([says]);
  });

  it('reads tokens, with namespaces of one cluster or of all', () => {
    const yaml = `
tokens:
  - name: ci
    sha256: ${'AB'.repeat(32)}
    roles: [DEVELOPER]
    namespaces: [shop, prod/shop]
    expiresAt: 2027-01-31T00:00:00Z
`;
    expect(load({ yaml }).tokens).toEqual([
      {
        name: 'ci',
        sha256: 'ab'.repeat(32),
        roles: ['DEVELOPER'],
        namespaces: [
          { cluster: '*', namespace: 'shop' },
          { cluster: 'prod', namespace: 'shop' },
        ],
        groups: [],
        expiresAt: Date.parse('2027-01-31T00:00:00Z'),
      },
    ]);
  });

  it('always puts core first', () => {
    expect(load({ argv: ['--plugins', 'compute'] }).plugins).toEqual([
      { plugin: 'core', optional: false },
      { plugin: 'compute', optional: false },
    ]);
    expect(load({ yaml: 'plugins: [{ plugin: ./mine, optional: true }, core]' }).plugins[0]).toEqual({
      plugin: 'core',
      optional: false,
    });
  });

  it('ignores what Kubernetes sets for a Service called longshore', () => {
    const env = {
      LONGSHORE_PORT: 'tcp://10.96.0.7:80',
      LONGSHORE_SERVICE_HOST: '10.96.0.7',
      LONGSHORE_SERVICE_PORT: '80',
      LONGSHORE_SERVICE_PORT_HTTP: '80',
      LONGSHORE_PORT_80_TCP: 'tcp://10.96.0.7:80',
      LONGSHORE_PORT_80_TCP_PROTO: 'tcp',
      LONGSHORE_PORT_80_TCP_PORT: '80',
      LONGSHORE_PORT_80_TCP_ADDR: '10.96.0.7',
    };
    expect(load({ env }).port).toBe(4000);
  });

  it('counts an empty variable as not set', () => {
    expect(load({ env: { LONGSHORE_PORT: '' } }).port).toBe(4000);
    expect(problemsOf({ mode: 'serve', env: { ...serveEnv, LONGSHORE_SECRET_KEY: '' } })).toHaveLength(1);
  });

  it.each<{ name: string; given: Parameters<typeof load>[0]; says: string | string[] }>([
    {
      name: 'a port that is no number',
      given: { env: { LONGSHORE_PORT: 'abc' } },
      says: 'port must be a whole number from 0 to 65535, got "abc" (environment LONGSHORE_PORT)',
    },
    {
      name: 'a port out of range',
      given: { argv: ['--port=65536'] },
      says: 'port must be a whole number from 0 to 65535, got 65536 (flag --port)',
    },
    {
      name: 'a fraction',
      given: { yaml: 'port: 1.5' },
      says: 'port must be a whole number from 0 to 65535, got 1.5 (file longshore.yaml)',
    },
    {
      name: 'a limit switched off',
      given: { yaml: 'limits: { depth: none }' },
      says: 'limits.depth must be a whole number from 3 to 50, got "none" (file longshore.yaml)',
    },
    {
      name: 'a limit of zero',
      given: { env: { LONGSHORE_LIMITS_COST: '0' } },
      says: 'limits.cost must be a whole number from 25000 to 10000000, got 0 (environment LONGSHORE_LIMITS_COST)',
    },
    {
      name: 'an infinite limit',
      given: { yaml: 'limits: { queueBytes: .inf }' },
      says: 'limits.queueBytes must be a whole number from 65536 to 67108864, got Infinity (file longshore.yaml)',
    },
    {
      name: 'limits that are no map',
      given: { yaml: 'limits: 5' },
      says: 'limits must be a map, got 5 (file longshore.yaml)',
    },
    {
      name: 'an empty value',
      given: { yaml: 'port:' },
      says: 'port must be a whole number from 0 to 65535, got nothing (file longshore.yaml)',
    },
    {
      name: 'a mistyped key',
      given: { yaml: 'prot: 1' },
      says: "prot is not a setting (file longshore.yaml); did you mean 'port'?",
    },
    {
      name: 'a mistyped key inside',
      given: { yaml: 'limits: { dept: 1 }' },
      says: "limits.dept is not a setting (file longshore.yaml); did you mean 'depth'?",
    },
    {
      name: 'a mistyped key in a list',
      given: { yaml: `tokens: [{ nam: x, name: x, sha256: ${goodHash}, roles: [ADMIN] }]` },
      says: "tokens[0].nam is not a setting (file longshore.yaml); did you mean 'name'?",
    },
    {
      name: 'an unknown key far from any',
      given: { yaml: 'egress: { zzzzzz: 1 }' },
      says: 'egress.zzzzzz is not a setting (file longshore.yaml); known here: allow',
    },
    {
      name: 'a prototype key',
      given: { yaml: '__proto__: { port: 1 }' },
      says: expect.stringMatching(/^__proto__ is not a setting/) as unknown as string,
    },
    {
      name: 'a mistyped variable',
      given: { env: { LONGSHORE_PROT: '1' } },
      says: "LONGSHORE_PROT is not a setting (environment); did you mean 'LONGSHORE_PORT'?",
    },
    {
      name: 'a mistyped flag',
      given: { argv: ['--prot', '1'] },
      says: "Unknown flag '--prot'; did you mean '--port'?",
    },
    { name: 'a flag without value', given: { argv: ['--port', '--embedded'] }, says: '--port needs a value' },
    { name: 'a flag twice', given: { argv: ['--port', '1', '--port', '2'] }, says: '--port is given twice' },
    {
      name: 'a switch that is neither',
      given: { argv: ['--embedded=yes'] },
      says: 'embedded.enabled must be true or false, got "yes" (flag --embedded)',
    },
    {
      name: 'the file inside the file',
      given: { yaml: 'configFile: other.yaml' },
      says: 'configFile cannot stand in the file itself; use --config or LONGSHORE_CONFIG',
    },
    { name: 'a file that is a list', given: { yaml: '- port' }, says: 'longshore.yaml must hold a map of settings' },
    {
      name: 'a key twice',
      given: { yaml: 'port: 1\nport: 2' },
      says: 'longshore.yaml is not well-formed YAML at line 2, column 1: duplicate key',
    },
    {
      name: 'no YAML at all',
      given: { yaml: 'secretKey: "sesame\n' },
      says: expect.stringMatching(
        /^longshore.yaml is not well-formed YAML at line \d+, column \d+: [a-z ]+$/,
      ) as unknown as string,
    },
    {
      name: 'both kubeconfig and clusters',
      given: { yaml: 'kubeconfig: k\nclusters: [{ name: a, inCluster: true }]' },
      says: 'kubeconfig (file longshore.yaml) and clusters (file longshore.yaml) cannot both be set: the contexts of kubeconfig would be the only clusters',
    },
    {
      name: 'an optional core',
      given: { yaml: 'plugins: [{ plugin: core, optional: true }]' },
      says: 'plugins: core cannot be optional',
    },
    {
      name: 'a plugin twice',
      given: { argv: ['--plugins', 'compute,compute'] },
      says: "plugins: 'compute' stands there twice",
    },
    {
      name: 'an unknown key of a plugin entry',
      given: { yaml: 'plugins: [{ plugin: a, optionl: true }]' },
      says: "plugins[0].optionl is not a setting (file longshore.yaml); did you mean 'optional'?",
    },
    {
      name: 'a plugin that is a number',
      given: { yaml: 'plugins: [5]' },
      says: expect.stringMatching(/^plugins\[0\]/) as unknown as string,
    },
    {
      name: 'a cluster without a way in',
      given: { yaml: 'clusters: [{ name: a }]' },
      says: "clusters[0] 'a' needs either kubeconfig or inCluster: true, and not both",
    },
    {
      name: 'a cluster of another identity',
      given: { yaml: 'clusters: [{ name: a, inCluster: true, identity: root }]' },
      says: 'clusters[0].identity must be one of gateway, impersonate, got "root" (file longshore.yaml)',
    },
    {
      name: 'two clusters of one name',
      given: { yaml: 'clusters: [{ name: a, inCluster: true }, { name: a, inCluster: true }]' },
      says: "clusters: 'a' stands there twice, each name must be unique",
    },
    {
      name: 'a token without roles',
      given: { yaml: `tokens: [{ name: x, sha256: ${goodHash}, roles: [] }]` },
      says: 'tokens[0].roles must be a non-empty list of roles: ADMIN, DEVELOPER, GUEST, or further ones, got an empty list (file longshore.yaml)',
    },
    {
      name: 'a missing member',
      given: { yaml: 'tokens: [{ name: x, roles: [ADMIN] }]' },
      says: expect.stringMatching(/^tokens\[0\].sha256 is missing: it must be the SHA-256/) as unknown as string,
    },
    {
      name: 'a guessable token',
      given: { yaml: `tokens: [{ name: x, sha256: ${guessableHash}, roles: [ADMIN] }]` },
      says: 'tokens[0].sha256 belongs to a token that anyone can guess; make one with: openssl rand -hex 32',
    },
    {
      name: 'a group of the system',
      given: { yaml: `tokens: [{ name: x, sha256: ${'ab'.repeat(32)}, roles: [ADMIN], groups: ['system:masters'] }]` },
      says: expect.stringMatching(/^tokens\[0\].groups\[0\] .*got "system:masters"/) as unknown as string,
    },
    {
      name: 'a wildcard origin',
      given: { argv: ['--allowed-origins', '*'] },
      says: expect.stringMatching(/got "\*" \(flag --allowed-origins\)$/) as unknown as string,
    },
    {
      name: 'the null origin',
      given: { argv: ['--allowed-origins', 'null'] },
      says: expect.stringMatching(/got "null"/) as unknown as string,
    },
    {
      name: 'an origin with a path',
      given: { argv: ['--allowed-origins', 'https://a.example/'] },
      says: expect.stringMatching(/got "https:\/\/a.example\/"/) as unknown as string,
    },
    {
      name: 'a wildcard host',
      given: { argv: ['--allowed-hosts', '*.example.com'] },
      says: expect.stringMatching(/got "\*.example.com"/) as unknown as string,
    },
  ])('says what is wrong with $name', ({ given, says }) => {
    expect(problemsOf(given)).toEqual(Array.isArray(says) ? says : [says]);
  });

  it.each<{ name: string; given: Parameters<typeof load>[0] }>([
    { name: 'secret key', given: { env: { LONGSHORE_SECRET_KEY: 'sesame-open' } } },
    { name: 'secret key in the file', given: { yaml: 'secretKey: [sesame-open]' } },
    { name: 'database address', given: { env: { DATABASE_URL: 'mysql://root:sesame-open@db/x' } } },
    { name: 'token hash', given: { yaml: 'tokens: [{ name: x, sha256: sesame-open, roles: [ADMIN] }]' } },
    { name: 'metrics token', given: { env: { LONGSHORE_METRICS_TOKEN_SHA256: 'sesame-open' } } },
    { name: 'YAML', given: { yaml: 'secretKey: &a sesame-open\n  sesame-open: *b\n : sesame-open' } },
    { name: 'value of an unknown key', given: { yaml: 'secretkei: sesame-open' } },
  ])('never prints a wrong $name', ({ given }) => {
    const text = problemsOf(given).join('\n');
    expect(text).not.toContain('sesame');
    expect(text).not.toBe('');
  });

  it('reports a file that is not there', () => {
    expect(() => load({ argv: ['--config', 'none.yaml'] })).toThrow('configFile /srv/none.yaml cannot be read: ENOENT');
  });

  it('has an environment variable of its own for every setting but the structured ones', () => {
    const variables = listSettings().flatMap(({ environment }) => environment ?? []);
    expect(new Set(variables).size).toBe(variables.length);
    expect(
      listSettings()
        .filter(({ environment }) => !environment)
        .map(({ key }) => key),
    ).toEqual(['tokens', 'oidc', 'serviceAccounts', 'roles', 'clusters', 'pluginSettings']);
  });
});
