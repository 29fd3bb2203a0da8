import type { JWTPayload } from 'jose';
import { clusterIssuer } from '../../access/create-token-issuer.ts';
import { type BoundObjects, buildClaims } from '../../access/service-account-claims.ts';
import { asList, asObject, asString, type JsonObject } from '../../machinery/json.ts';
import { FieldErrors } from '../../registry/validation/field-errors.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { ApiContext, Handler } from '../api-context.ts';
import { parseObjectBody } from '../parse-body.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, conflict, invalid } from '../status-error.ts';

const names = { group: 'authentication.k8s.io', plural: 'tokenrequests', kind: 'TokenRequest' };
const defaultSeconds = 3_600;
const minSeconds = 600;
const maxSeconds = 2 ** 32;
/** What kubelets ask for pods: such a token lives a year, so that programs that never read it again go on working. */
const podTokenSeconds = 3_607;
const yearSeconds = 31_536_000;

/** POST on `serviceaccounts/<name>/token` (authentication.k8s.io/v1 TokenRequest): signs a token that ends. */
export const handleTokenRequest: Handler = async (context, request) => {
  const resource = resourceOf(context, request);
  const { namespace = '', name } = request.info;
  const sent = parseObjectBody(request.body, request.headers['content-type']) ?? {};
  const metadata = asObject(sent.metadata) ?? {};
  requireSame(metadata, 'name', name, name);
  requireSame(metadata, 'namespace', namespace, name);
  const account = context.registry.require(resource, namespace, name);
  const { uid } = account.metadata;
  if ((metadata.uid ?? '') !== '' && metadata.uid !== uid) {
    const why = `the UID in the token request (${String(metadata.uid)}) does not match the UID of the service account (${uid})`;
    throw conflict({ ...names, plural: names.kind }, name, why);
  }
  const spec = readSpec(asObject(sent.spec) ?? {});
  const bound = readBound(context, asObject(spec.boundObjectRef), namespace, name);
  const isExtended =
    bound.pod !== undefined &&
    spec.expirationSeconds === podTokenSeconds &&
    spec.audiences.every((each) => each === clusterIssuer);

  const nowMs = context.clock.now();
  const expirationSeconds = isExtended ? yearSeconds : spec.expirationSeconds;
  const claims = buildClaims(account, bound, { nowMs, expirationSeconds, audiences: spec.audiences });
  if (isExtended) warnAfter(claims, Math.floor(nowMs / 1000) + podTokenSeconds);
  const token = await context.tokenIssuer.sign(claims);
  const expirationMs = Math.floor(nowMs / 1000 + spec.expirationSeconds) * 1000;
  const expirationTimestamp = new Date(expirationMs).toISOString().replace('.000Z', 'Z');
  return {
    code: 201,
    body: {
      kind: names.kind,
      apiVersion: `${names.group}/v1`,
      metadata: { ...metadata, name, namespace, uid, creationTimestamp: context.registry.environment.now() },
      spec,
      status: { token, expirationTimestamp },
    },
  };
};

function requireSame(metadata: JsonObject, key: string, expected: string, name: string): void {
  const value = metadata[key] ?? '';
  if (value === '' || value === expected) return;
  const errors = new FieldErrors();
  const what = key === 'name' ? 'name' : 'namespace';
  errors.invalid(`metadata.${key}`, value, `must match the service account ${what} if specified`);
  throw invalid(names, name, errors.causes);
}

type Spec = JsonObject & { readonly audiences: readonly string[]; readonly expirationSeconds: number };

function readSpec(sent: JsonObject): Spec {
  const audiences = asList(sent.audiences).map(String);
  const expirationSeconds = typeof sent.expirationSeconds === 'number' ? sent.expirationSeconds : defaultSeconds;
  const errors = new FieldErrors();
  const field = 'spec.expirationSeconds';
  if (expirationSeconds < minSeconds) {
    errors.invalid(field, expirationSeconds, 'may not specify a duration less than 10 minutes');
  }
  if (expirationSeconds > maxSeconds) {
    errors.invalid(field, expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
  }
  if (errors.causes.length > 0) throw invalid(names, '', errors.causes);
  return {
    audiences: audiences.length === 0 ? [clusterIssuer] : audiences,
    expirationSeconds,
    boundObjectRef: asObject(sent.boundObjectRef) ?? null,
  };
}

function readBound(context: ApiContext, ref: JsonObject | undefined, namespace: string, account: string): BoundObjects {
  if (ref === undefined) return {};
  const kind = asString(ref.kind) ?? '';
  const apiVersion = asString(ref.apiVersion) ?? '';
  const slash = apiVersion.indexOf('/');
  const plural = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[kind];
  if (plural === undefined || slash !== -1) {
    const type = `${slash === -1 ? '/' : ''}${apiVersion}, Kind=${kind}`;
    throw badRequest(`cannot bind token to object of type ${type}`);
  }
  if ((ref.name ?? '') === '') throw badRequest('Name parameter required.');
  const object = requireCore(context, plural, kind === 'Node' ? undefined : namespace, asString(ref.name) ?? '');
  const pod = asObject(object.spec);
  if (kind === 'Pod' && pod?.serviceAccountName !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    );
  }
  if ((ref.uid ?? '') !== '' && ref.uid !== object.metadata.uid) {
    const why = `the UID in the bound object reference (${String(ref.uid)}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', plural: kind, kind }, object.metadata.name, why);
  }
  if (kind === 'Secret') return { secret: object };
  if (kind === 'Node') return { node: object };
  const nodeName = asString(pod?.nodeName) ?? '';
  if (nodeName === '') return { pod: object };
  const nodes = context.registry.catalog.find('', 'nodes');
  const node = nodes === undefined ? undefined : context.registry.storage.get(nodes.definition, undefined, nodeName);
  return { pod: object, node: node ?? { metadata: { name: nodeName } } };
}

function requireCore(context: ApiContext, plural: string, namespace: string | undefined, name: string): ClusterObject {
  const resource = context.registry.catalog.find('', plural);
  if (resource === undefined) throw badRequest(`cannot bind token to ${plural}, which are not served`);
  return context.registry.require(resource, namespace, name);
}

function warnAfter(claims: JWTPayload, seconds: number): void {
  claims['kubernetes.io'] = { ...asObject(claims['kubernetes.io']), warnafter: seconds };
}
