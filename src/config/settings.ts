import { z } from 'zod';
import { clusterSettings } from './cluster-settings.ts';
import { limitSettings } from './limit-settings.ts';
import { oidcSettings } from './oidc-settings.ts';
import { roleSettings } from './role-settings.ts';
import { readSecretKey } from './secret-key.ts';
import { serviceAccountSettings } from './service-account-settings.ts';
import { setting } from './setting.ts';
import { choiceSetting, numberSetting, pathSetting, switchSetting, tokenHash } from './setting-kinds.ts';
import { tokenSettings } from './token-settings.ts';

/** What the process was started for. `migrate` and `schema` need neither key nor allow-lists. */
export type SettingsMode = 'dev' | 'serve' | 'migrate' | 'schema' | 'doctor';

const hostName = setting(
  z
    .string()
    .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:]+\])(:[0-9]{1,5})?$/i)
    .toLowerCase(),
  'A value of the Host header.',
  { allowed: 'a host name without wildcard, with :port where it is not the default one' },
);

const origin = setting(
  z
    .string()
    .refine((text) => {
      const url = URL.parse(text);
      if (url === null || url.host.includes('*')) return false;
      return /^https?:$/.test(url.protocol) && url.origin === text.toLowerCase();
    })
    .toLowerCase(),
  'A value of the Origin header.',
  { allowed: 'scheme, host and port without path or wildcard, such as https://console.example.com' },
);

const secretKey = z.string().transform((text, context) => {
  const reading = readSecretKey(text);
  if ('key' in reading) return reading.key;
  const says =
    reading.refused === 'weak'
      ? 'is a weak or example key; make one with: openssl rand -base64 32'
      : 'must be 32 random bytes written as base64 or hex; make one with: openssl rand -base64 32';
  context.issues.push({ code: 'custom', input: undefined, params: { says } });
  return z.NEVER;
});

const pluginEntry = setting(
  z
    .union([
      z.string().min(1),
      z.strictObject({
        plugin: setting(z.string().min(1), 'Built-in name, npm package or path of the plugin.', {
          allowed: 'a built-in name, an npm package or a path',
        }),
        optional: setting(z.boolean().default(false), 'Whether the gateway may start without it when it fails.', {
          allowed: 'true or false',
        }),
      }),
    ])
    .transform((entry) => (typeof entry === 'string' ? { plugin: entry, optional: false } : entry)),
  'One plugin.',
  { allowed: 'a built-in name, an npm package, a path or { plugin, optional }' },
);

const egressEntry = setting(z.string().regex(/^[a-z0-9.:[\]/_-]+$/i), 'An address inside.', {
  allowed: 'a host, host:port, an IP address or a CIDR range',
});

const proxyAddress = setting(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]), 'A proxy.', {
  allowed: 'an IP address or a CIDR range',
});

/** Every setting there is. The reference table of the README is made from this schema. */
export const settingsSchema = z.strictObject({
  configFile: pathSetting('YAML file with settings. Environment variables win over it, flags over both.', {
    environment: 'LONGSHORE_CONFIG',
    hasFlag: true,
  }).optional(),
  port: numberSetting('TCP port of the endpoint; 0 takes a free one.', {
    min: 0,
    max: 65_535,
    default: 4000,
    hasFlag: true,
  }),
  host: setting(z.string().regex(/^[a-z0-9.:-]+$/i), 'Address to listen on.', {
    reads: 'text',
    allowed: 'a host name or an IP address',
    default: '0.0.0.0',
    devDefault: '127.0.0.1',
    hasFlag: true,
  }),
  dataDir: setting(z.string().min(1), 'Folder for what Longshore keeps on disk: embedded database, tokens, locks.', {
    reads: 'text',
    allowed: 'a path',
    isPath: true,
    default: '.longshore',
    hasFlag: true,
  }),
  kubeconfig: pathSetting('Kubeconfig whose contexts are the clusters. The variable KUBECONFIG is never read.', {
    hasFlag: true,
  }).optional(),
  embedded: z.strictObject({
    enabled: switchSetting('Run the embedded cluster, a Kubernetes API in this process, for development only.', {
      environment: 'LONGSHORE_EMBEDDED',
      flag: 'embedded',
      defaultText: '`true` in dev where neither kubeconfig nor clusters is set, else `false`',
    }),
    engines: setting(
      z.array(z.string().min(1)),
      'Kubernetes engines the embedded cluster comes with: built-in names, or paths of modules that export `engine`.',
      {
        reads: 'list',
        allowed: 'a list of engines, each a name or a path',
        default: ['kruise', 'volume-snapshot', 'gateway-api', 'kube-ovn', 'longshore'],
      },
    ),
    nodes: numberSetting('Simulated nodes of the embedded cluster.', { min: 0, max: 1000, default: 3 }),
  }),
  databaseUrl: setting(
    z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/)
      .optional(),
    'PostgreSQL to use. Absent: an embedded database in dataDir, for one replica.',
    { reads: 'text', environment: 'DATABASE_URL', isSecret: true, allowed: 'a URL that begins with postgres://' },
  ),
  secretKey: setting(
    secretKey.optional(),
    'Key that seals secrets at rest: 32 random bytes as base64 or hex. Required in serve; dev makes its own in dataDir.',
    { reads: 'text', isSecret: true, allowed: '32 random bytes as base64 or hex' },
  ),
  allowedHosts: setting(
    z.array(hostName),
    'Values of the Host header that are answered, exactly as sent, besides loopback names in dev. Required in serve.',
    {
      reads: 'list',
      allowed: 'a list of host names, each with its port where it is not the default one',
      default: [],
      hasFlag: true,
    },
  ),
  allowedOrigins: setting(
    z.array(origin),
    'Origins whose pages may call the endpoint, besides its own loopback ones in dev. Required in serve.',
    { reads: 'list', allowed: 'a list of origins such as https://console.example.com', default: [], hasFlag: true },
  ),
  trustedProxies: setting(
    z.array(proxyAddress),
    'Proxies before the gateway whose `X-Forwarded-For` says where callers come from, in lists of sessions and tokens. Without any, the address of the socket counts.',
    { reads: 'list', allowed: 'a list of IP addresses or CIDR ranges', default: [] },
  ),
  introspection: switchSetting('Whether the schema may be asked for. It shows types, never data.', {
    default: true,
    hasFlag: true,
  }),
  devTokens: switchSetting(
    'Whether dev lets anybody on this machine in by fixed tokens, or without one, while every cluster is embedded. Without them it makes a random token, and clusters can be registered.',
    { default: true, hasFlag: true },
  ),
  graphiql: switchSetting('Whether a browser that opens the endpoint gets the GraphiQL editor.', {
    default: false,
    devDefault: true,
    hasFlag: true,
  }),
  trustedDocuments: z.strictObject({
    file: pathSetting(
      'JSON file `{ "<id>": "<document>" }`: documents that requests may name by `documentId` (or `extensions.persistedQuery.sha256Hash`).',
    ).optional(),
    only: switchSetting('Whether nothing but documents of that file is executed, over every transport.', {
      default: false,
    }),
  }),
  logLevel: choiceSetting('Lowest level that is logged.', ['debug', 'info', 'warn', 'error'], {
    default: 'info',
    hasFlag: true,
  }),
  logFormat: choiceSetting('One JSON object per line, or text for people.', ['json', 'pretty'], {
    default: 'json',
    devDefault: 'pretty',
    hasFlag: true,
  }),
  slowOperationMs: numberSetting(
    'Milliseconds beyond which a query or mutation is logged with what it cost: its name and caller, never its variables.',
    { min: 1, max: 600_000, default: 1_000 },
  ),
  tokens: setting(z.array(tokenSettings), 'Static tokens, known by their hashes.', {
    allowed: 'a list of tokens',
    default: [],
  }),
  oidc: setting(z.array(oidcSettings).max(20), 'OpenID Connect providers whose tokens sign in.', {
    allowed: 'a list of up to 20 providers',
    default: [],
  }),
  serviceAccounts: setting(z.array(serviceAccountSettings).max(100), 'Clusters whose service accounts sign in.', {
    allowed: 'a list of up to 100 clusters',
    default: [],
  }),
  roles: setting(
    z.array(roleSettings).max(200),
    'Roles of your own, besides ADMIN, DEVELOPER, GUEST and those of plugins: for tokens, groups and members.',
    { allowed: 'a list of up to 200 roles', default: [] },
  ),
  clusters: setting(z.array(clusterSettings), 'Clusters to serve.', { allowed: 'a list of clusters', default: [] }),
  profile: setting(z.string().min(1), 'Profile of limits, name rules and switches of clusters that name none.', {
    reads: 'text',
    allowed: 'the name of a profile',
    default: 'default',
  }),
  profiles: setting(
    z.array(setting(z.string().min(1), 'A profile file.', { allowed: 'a path' })).max(100),
    'Files of profiles of your own, each of which may extend another.',
    { reads: 'list', allowed: 'a list of up to 100 paths', default: [] },
  ),
  plugins: setting(
    z.array(pluginEntry),
    'Plugins to load: built-in names, npm packages or paths; `core` always comes first. An entry in the file may also be ' +
      '`{ plugin: <name>, optional: true }`: the gateway then starts without it when it fails.',
    {
      reads: 'list',
      allowed: 'a list of plugins, each a name, a path or { plugin, optional }',
      default: ['core', 'compute', 'storage', 'network', 'release'],
      hasFlag: true,
    },
  ),
  pluginSettings: setting(
    z.record(z.string(), z.unknown()),
    "Settings of plugins by the plugin's name; each plugin's README lists its own.",
    { allowed: 'a map from plugin names to their settings', default: {} },
  ),
  limits: limitSettings,
  serviceTokens: z.strictObject({
    ownerSeenWithinDays: numberSetting(
      'Days after which a service token gives nothing because its owner, whom an identity provider or a cluster keeps, was not seen.',
      { min: 1, max: 365, default: 30 },
    ),
  }),
  journal: z.strictObject({
    maxAgeHours: numberSetting('How long events are kept for streams that resume, in hours.', {
      min: 1,
      max: 720,
      default: 24,
    }),
    maxEntries: numberSetting('Most events that are kept per topic.', {
      min: 1_000,
      max: 10_000_000,
      default: 100_000,
    }),
  }),
  egress: z.strictObject({
    allow: setting(
      z.array(egressEntry),
      'Addresses inside that users may point to (registries, chart repositories): host, host:port, IP address or CIDR. ' +
        'Loopback, private and link-local addresses are refused otherwise.',
      { reads: 'list', allowed: 'a list of hosts, host:port, IP addresses or CIDR ranges', default: [] },
    ),
  }),
  metrics: z.strictObject({
    port: setting(
      z.int().min(1).max(65_535).optional(),
      'Loopback port for Prometheus metrics. Absent: /metrics of the endpoint, for callers with the token.',
      { reads: 'number', allowed: 'a whole number from 1 to 65535' },
    ),
    tokenSha256: setting(
      tokenHash('SHA-256 of the token that may read /metrics.').optional(),
      'SHA-256 of the token that may read /metrics. Absent: only an ADMIN may.',
      {
        reads: 'text',
        isSecret: true,
        allowed: 'the SHA-256 of a token as 64 hex digits (printf %s "$TOKEN" | sha256sum)',
      },
    ),
  }),
  tracing: z.strictObject({
    endpoint: setting(
      z.url({ protocol: /^https?$/ }).optional(),
      'Address of a collector of traces that speaks OTLP over HTTP, such as http://otel-collector:4318. Absent: nothing is traced.',
      {
        reads: 'text',
        environment: 'OTEL_EXPORTER_OTLP_ENDPOINT',
        allowed: 'a URL that begins with http:// or https://',
      },
    ),
    headers: setting(
      z.array(z.string().regex(/^[\w-]+=.+$/)).max(20),
      'Headers for the collector, such as its token.',
      {
        reads: 'list',
        environment: 'OTEL_EXPORTER_OTLP_HEADERS',
        isSecret: true,
        allowed: 'a list of up to 20 times name=value',
        default: [],
      },
    ),
    sampledPercent: numberSetting(
      'Percentage of requests, and of looks of the loops, that are traced. A request that comes with a sampled `traceparent` always is.',
      { min: 0, max: 100, default: 10 },
    ),
  }),
  drainSeconds: numberSetting('Seconds from SIGTERM until everything that is still under way is ended.', {
    min: 0,
    max: 600,
    // With a few seconds to stop it fits into the 30 s that Kubernetes gives a pod by default.
    default: 25,
    hasFlag: true,
  }),
  drainNoticeSeconds: numberSetting(
    'Seconds after SIGTERM in which everything is still served, so that load balancers see that this replica is not ready any more.',
    { min: 0, max: 120, default: 5, devDefault: 0 },
  ),
  drainSpreadSeconds: numberSetting(
    'Seconds over which open streams are then asked, evenly, to go on at another replica; less where drainSeconds ends before.',
    { min: 0, max: 120, default: 10, devDefault: 0 },
  ),
});

type DeepReadonly<T> = unknown extends T
  ? T
  : T extends Uint8Array | string | number | boolean | undefined | null
    ? T
    : T extends readonly (infer Item)[]
      ? readonly DeepReadonly<Item>[]
      : { readonly [Key in keyof T]: DeepReadonly<T[Key]> };

export type ParsedSettings = DeepReadonly<z.output<typeof settingsSchema>>;

/** Where a value came from: `default`, `file <path>`, `environment <name>` or `flag --<name>`. */
export type SettingSources = Readonly<Record<string, string>>;

/** The effective settings. Paths are absolute; `core` stands first in `plugins`. */
export type Settings = ParsedSettings & {
  readonly mode: SettingsMode;
  /** Source of each setting by its dotted path, e.g. `limits.depth`. */
  readonly sources: SettingSources;
};
