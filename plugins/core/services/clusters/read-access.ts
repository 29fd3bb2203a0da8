import { X509Certificate } from 'node:crypto';
import type { ClusterAccess, ValidationIssue } from 'longshore/sdk';
import { isPlainObject } from '../manifest/plain-value.ts';
import { readManifests } from '../manifest/read-manifests.ts';

/** How somebody says a cluster is reached; one of the three. */
export interface ClusterAccessInput {
  readonly kubeconfig?: { readonly text: string; readonly context?: string | null } | null;
  readonly token?: {
    readonly server: string;
    readonly certificateAuthority?: string | null;
    readonly token: string;
  } | null;
  readonly inCluster?: boolean | null;
}

export type ReadAccess =
  | { readonly access: ClusterAccess; readonly issues?: undefined }
  | { readonly access?: undefined; readonly issues: readonly ValidationIssue[] };

type PlainObject = Readonly<Record<string, unknown>>;

export const maxKubeconfigBytes = 256 * 1024;
const maxTokenLength = 16_384;
const maxCertificateLength = 65_536;

const root = ['access'];

/**
 * Takes what is needed of it and nothing else: one server with its authority, one user with a token or a certificate. What would make the gateway
 * run a program, read a file of its own machine, go by a proxy or trust any certificate is refused.
 */
export async function readAccess({ kubeconfig, token, inCluster }: ClusterAccessInput): Promise<ReadAccess> {
  if (kubeconfig) return readKubeconfig(kubeconfig.text, kubeconfig.context ?? undefined);
  if (token) return readToken(token);
  if (inCluster) return { access: { inCluster: true } };
  return refused([...root, 'inCluster'], 'required', 'inCluster must be true, or another way be given');
}

function readToken({ server, certificateAuthority, token }: NonNullable<ClusterAccessInput['token']>): ReadAccess {
  const path = [...root, 'token'];
  const issues = [
    ...checkServer(server, [...path, 'server']),
    ...(certificateAuthority ? checkAuthority(certificateAuthority, [...path, 'certificateAuthority']) : []),
    ...(isToken(token)
      ? []
      : [issue([...path, 'token'], 'invalid_token', `token must be one word of at most ${maxTokenLength} characters`)]),
  ];
  if (issues.length > 0) return { issues };
  const authority = certificateAuthority ? Buffer.from(certificateAuthority).toString('base64') : undefined;
  return accessOf(server, { 'certificate-authority-data': authority }, { token });
}

async function readKubeconfig(text: string, wanted: string | undefined): Promise<ReadAccess> {
  const path = [...root, 'kubeconfig'];
  const inText = [...path, 'text'];
  if (Buffer.byteLength(text) > maxKubeconfigBytes) {
    return refused(inText, 'too_long', `A kubeconfig may have ${maxKubeconfigBytes / 1024} KiB`);
  }
  const { documents, issues } = await readManifests(text, undefined, () => []);
  // Words of the reader may quote the text around, which holds credentials.
  const [problem] = issues;
  if (problem) {
    const { line, column } = problem;
    return {
      issues: [
        { ...issue(inText, 'invalid_yaml', 'It is not valid YAML'), ...(line === undefined ? {} : { line, column }) },
      ],
    };
  }
  const config: unknown = documents[0]?.object;
  if (documents.length !== 1 || !isPlainObject(config))
    return refused(inText, 'not_a_kubeconfig', 'It is no kubeconfig');
  const contextName = wanted ?? textOf(config['current-context']);
  if (contextName === undefined) {
    return refused([...path, 'context'], 'required', 'The kubeconfig has no current context: say which one is meant');
  }
  const context = entryOf(config.contexts, contextName, 'context');
  if (!context) {
    return refused([...path, 'context'], 'unknown_context', 'The kubeconfig has no such context');
  }
  const cluster = entryOf(config.clusters, textOf(context.cluster), 'cluster');
  if (!cluster)
    return refused(inText, 'not_a_kubeconfig', 'The context names a cluster that the kubeconfig does not have');
  const user = entryOf(config.users, textOf(context.user), 'user');
  if (!user) return refused(inText, 'not_a_kubeconfig', 'The context names a user that the kubeconfig does not have');
  const server = textOf(cluster.server) ?? '';
  const found = [...checkServer(server, inText), ...checkCluster(cluster, inText), ...checkUser(user, inText)];
  if (found.length > 0) return { issues: found };
  return accessOf(server, pick(cluster, clusterKeys), pick(user, userKeys), textOf(context.namespace));
}

/** What may stand in each, and is taken over. */
const clusterKeys = ['certificate-authority-data', 'tls-server-name'];
const userKeys = ['token', 'client-certificate-data', 'client-key-data'];

/** What is refused, and what would do instead. */
const refusedOfCluster: Readonly<Record<string, string>> = {
  'certificate-authority': 'names a file of another machine: put its content into certificate-authority-data',
  'insecure-skip-tls-verify': 'would trust whoever answers: give certificate-authority-data',
  'proxy-url': 'would lead the gateway through a proxy',
};
const refusedOfUser: Readonly<Record<string, string>> = {
  exec: 'would run a program on the gateway: give a token or a client certificate',
  'auth-provider': 'would run code on the gateway: give a token or a client certificate',
  tokenFile: 'names a file of another machine: put its content into token',
  'client-certificate': 'names a file of another machine: put its content into client-certificate-data',
  'client-key': 'names a file of another machine: put its content into client-key-data',
  username: 'is a way of signing in that no cluster has any more: give a token or a client certificate',
  password: 'is a way of signing in that no cluster has any more: give a token or a client certificate',
  as: 'would act as somebody else: give credentials of who shall act',
  'as-groups': 'would act as somebody else: give credentials of who shall act',
  'as-uid': 'would act as somebody else: give credentials of who shall act',
  'as-user-extra': 'would act as somebody else: give credentials of who shall act',
};

function checkCluster(cluster: PlainObject, path: readonly string[]): ValidationIssue[] {
  const authority = textOf(cluster['certificate-authority-data']);
  const pem = authority === undefined ? undefined : Buffer.from(authority, 'base64').toString('utf8');
  return [
    ...refusals('cluster', cluster, refusedOfCluster, path),
    ...(pem === undefined ? [] : checkAuthority(pem, path)),
  ];
}

function checkUser(user: PlainObject, path: readonly string[]): ValidationIssue[] {
  const found = refusals('user', user, refusedOfUser, path);
  if (found.length > 0) return found;
  const [token, certificate, key] = userKeys.map((name) => textOf(user[name]));
  if (token !== undefined && !isToken(token))
    return [issue(path, 'invalid_token', 'The user has a token that is none')];
  if (token !== undefined || (certificate !== undefined && key !== undefined)) return [];
  return [issue(path, 'no_credentials', 'The user has neither a token nor a client certificate with its key')];
}

function refusals(
  what: string,
  entry: PlainObject,
  refusedKeys: Readonly<Record<string, string>>,
  path: readonly string[],
): ValidationIssue[] {
  return Object.keys(refusedKeys)
    .filter(
      (key) =>
        Object.hasOwn(entry, key) &&
        entry[key] !== undefined &&
        entry[key] !== null &&
        entry[key] !== false &&
        entry[key] !== 'false' &&
        entry[key] !== '',
    )
    .map((key) => issue(path, 'key_refused', `${key} of the ${what} ${refusedKeys[key]}`));
}

function checkServer(server: string, path: readonly string[]): ValidationIssue[] {
  const url = URL.parse(server);
  if (
    url?.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '' &&
    server.length <= 2_048
  )
    return [];
  return [
    issue(
      path,
      'invalid_server',
      'The address of the API server must begin with https:// and have no credentials, query or fragment',
    ),
  ];
}

function checkAuthority(pem: string, path: readonly string[]): ValidationIssue[] {
  try {
    if (pem.length > maxCertificateLength) throw new Error('too long');
    new X509Certificate(pem);
    return [];
  } catch {
    return [issue(path, 'invalid_certificate', 'The certificate authority is no certificate in PEM form')];
  }
}

function accessOf(server: string, cluster: PlainObject, user: PlainObject, namespace?: string): ReadAccess {
  const name = 'registered';
  const kubeconfig = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    clusters: [{ name, cluster: { server, ...cluster } }],
    users: [{ name, user }],
  });
  return { access: { kubeconfig, server } };
}

function entryOf(list: unknown, name: string | undefined, field: string): PlainObject | undefined {
  if (!Array.isArray(list) || name === undefined) return undefined;
  const entry: unknown = list.find((candidate: unknown) => isPlainObject(candidate) && candidate.name === name);
  const value = isPlainObject(entry) ? entry[field] : undefined;
  return isPlainObject(value) ? value : undefined;
}

const pick = (from: PlainObject, keys: readonly string[]): PlainObject =>
  Object.fromEntries(keys.flatMap((key) => (textOf(from[key]) === undefined ? [] : [[key, from[key]]])));
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const isToken = (token: string): boolean => token.length <= maxTokenLength && /^[\x21-\x7e]+$/.test(token);
const issue = (path: readonly string[], code: string, message: string): ValidationIssue => ({
  path: [...path],
  code,
  message,
});
const refused = (path: readonly string[], code: string, message: string): ReadAccess => ({
  issues: [issue(path, code, message)],
});
