import { X509Certificate } from 'node:crypto';
import { parseCertificateRequest } from '../../certificates/parse-certificate-request.ts';
import { knownUsages } from '../../certificates/sign-certificate-request.ts';
import { asList, asObject, asObjectList, asString, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Draft, StatusSubresource } from '../resource-strategy.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';

const legacySigner = 'kubernetes.io/legacy-unknown';
const minSeconds = 600;
const finalTypes = ['Approved', 'Denied', 'Failed'];

/** What certificates.k8s.io/v1 wants of a request's spec. */
export function validateRequestSpec(draft: Draft, errors: FieldErrors): void {
  const spec = asObject(draft.spec) ?? {};
  try {
    parseCertificateRequest(Buffer.from(asString(spec.request) ?? '', 'base64').toString());
  } catch (error) {
    errors.invalid('spec.request', spec.request ?? null, error instanceof Error ? error.message : String(error));
  }
  const usages = asList(spec.usages).map(String);
  if (usages.length === 0) errors.required('spec.usages');
  for (const [at, usage] of usages.entries()) {
    if (!knownUsages.includes(usage)) errors.notSupported(`spec.usages[${at}]`, usage, knownUsages);
  }
  for (const [at, usage] of usages.entries()) {
    if (usages.indexOf(usage) < at) errors.duplicate(`spec.usages[${at}]`, usage);
  }
  validateSigner(asString(spec.signerName) ?? '', errors);
  const seconds = spec.expirationSeconds;
  if (typeof seconds === 'number' && seconds < minSeconds) {
    const words = 'may not specify a duration less than 600 seconds (10 minutes)';
    errors.invalid('spec.expirationSeconds', seconds, words);
  }
}

/** What may become of a request: approvals come through `approval`, the certificate through `status`, nothing goes away. */
export function validateRequestStatus(
  draft: Draft,
  current: ClusterObject,
  errors: FieldErrors,
  subresource: StatusSubresource,
): void {
  const next = asObject(draft.status) ?? {};
  const last = asObject(current.status) ?? {};
  validateConditions(asObjectList(next.conditions), errors);
  const certificate = asString(next.certificate) ?? '';
  const problem = certificate === '' ? undefined : problemOfCertificate(certificate);
  if (problem !== undefined) errors.invalid('status.certificate', '<certificate data>', problem);

  const of = (status: JsonObject, type: string): JsonObject[] =>
    asObjectList(status.conditions).filter((condition) => condition.type === type);
  for (const type of finalTypes) {
    if (of(next, type).length >= of(last, type).length) continue;
    errors.forbidden('status.conditions', `updates may not remove a condition of type "${type}"`);
  }
  for (const type of subresource === 'approval' ? [] : ['Approved', 'Denied']) {
    const [after, before] = [of(next, type), of(last, type)];
    if (after.length > before.length) {
      errors.forbidden('status.conditions', `updates may not add a condition of type "${type}"`);
    } else if (after.length === before.length && !isEqualJson(after, before)) {
      errors.forbidden('status.conditions', `updates may not modify a condition of type "${type}"`);
    }
  }
  const before = asString(last.certificate) ?? '';
  if (certificate !== before && before !== '') {
    errors.forbidden('status.certificate', 'updates may not modify existing certificate content');
  }
}

function validateConditions(conditions: readonly JsonObject[], errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const [at, condition] of conditions.entries()) {
    const field = `status.conditions[${at}]`;
    const type = asString(condition.type) ?? '';
    const status = asString(condition.status) ?? '';
    if (type === '') errors.required(`${field}.type`);
    const allowed = finalTypes.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (status === '') errors.required(`${field}.status`);
    else if (!allowed.includes(status)) errors.notSupported(`${field}.status`, status, allowed);
    const opposite = { Approved: 'Denied', Denied: 'Approved' }[type];
    if (opposite !== undefined && seen.has(opposite)) {
      errors.invalid('status.conditions', type, 'Approved and Denied conditions are mutually exclusive');
    }
    if (seen.has(type)) errors.duplicate(`${field}.type`, type);
    seen.add(type);
  }
}

function validateSigner(name: string, errors: FieldErrors): void {
  const field = 'spec.signerName';
  if (name === legacySigner) {
    errors.invalid(field, name, 'the legacy signerName is not allowed via this API version');
    return;
  }
  if (name === '') {
    errors.required(field);
    return;
  }
  const [domain = '', path = '', ...rest] = name.split('/');
  if (rest.length > 0 || !name.includes('/')) {
    errors.invalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
    return;
  }
  validateLabels(field, domain, 'dns-label', errors);
  if (!domain.includes('.')) {
    errors.invalid(field, domain, 'should be a domain with at least two segments separated by dots');
  }
  validateLabels(field, path, 'dns-subdomain', errors);
}

/** Only the first bad label is named: further words would be the same again. */
function validateLabels(
  field: string,
  segment: string,
  rule: 'dns-label' | 'dns-subdomain',
  errors: FieldErrors,
): void {
  for (const label of segment.split('.')) {
    const problems = problemsOfName(label, rule);
    for (const words of problems) errors.invalid(field, segment, `validating label ${JSON.stringify(label)}: ${words}`);
    if (problems.length > 0) return;
  }
}

function problemOfCertificate(base64: string): string | undefined {
  const pem = Buffer.from(base64, 'base64').toString();
  const blocks = [...pem.matchAll(/-----BEGIN ([^-]+)-----\r?\n[^-]*-----END \1-----/g)];
  for (const [block, type] of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (block.includes(':')) return 'no PEM block headers are permitted';
    try {
      new X509Certificate(block);
    } catch {
      return 'x509: malformed certificate';
    }
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined;
}
