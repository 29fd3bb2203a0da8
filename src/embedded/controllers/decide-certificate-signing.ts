import type { CertificateRequest } from '../certificates/parse-certificate-request.ts';

type Signee = Pick<CertificateRequest, 'commonName' | 'organizations' | 'hasNames'>;

const kubeletClient = ['client auth', 'digital signature', 'key encipherment'];
const kubeletServing = ['digital signature', 'key encipherment', 'server auth'];

/** Why the signer will not sign an approved request, in its words; undefined when it will. */
export function problemForSigner(signer: string, request: Signee, usages: readonly string[]): string | undefined {
  switch (signer) {
    case 'kubernetes.io/kube-apiserver-client':
      return problemOfClient(usages);
    case 'kubernetes.io/kube-apiserver-client-kubelet':
      return problemOfKubeletClient(request, usages);
    case 'kubernetes.io/kubelet-serving':
      return problemOfKubeletServing(request, usages);
    default:
      return undefined;
  }
}

function problemOfClient(usages: readonly string[]): string | undefined {
  const stranger = usages.find((usage) => !kubeletClient.includes(usage));
  if (stranger !== undefined) return `invalid usage for client certificate: ${stranger}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}

function problemOfKubeletClient(request: Signee, usages: readonly string[]): string | undefined {
  if (!isNodes(request)) return 'subject organization is not system:nodes';
  if (request.hasNames.dns) return 'DNS subjectAltNames are not allowed';
  if (request.hasNames.email) return 'Email subjectAltNames are not allowed';
  if (request.hasNames.ip) return 'IP subjectAltNames are not allowed';
  if (request.hasNames.uri) return 'URI subjectAltNames are not allowed';
  if (!request.commonName.startsWith('system:node:')) return 'subject common name does not begin with system:node:';
  return problemOfUsages(usages, kubeletClient);
}

function problemOfKubeletServing(request: Signee, usages: readonly string[]): string | undefined {
  if (!isNodes(request)) return 'subject organization is not system:nodes';
  if (!request.hasNames.dns && !request.hasNames.ip) return 'DNS or IP subjectAltName is required';
  if (request.hasNames.email) return 'Email subjectAltNames are not allowed';
  if (request.hasNames.uri) return 'URI subjectAltNames are not allowed';
  const problem = problemOfUsages(usages, kubeletServing);
  if (problem !== undefined) return problem;
  return request.commonName.startsWith('system:node:')
    ? undefined
    : 'subject common name does not begin with system:node:';
}

function isNodes({ organizations }: Signee): boolean {
  return organizations.length === 1 && organizations[0] === 'system:nodes';
}

/** All of them; keys that are not RSA do without key encipherment. */
function problemOfUsages(usages: readonly string[], required: readonly string[]): string | undefined {
  const isFit = (wanted: readonly string[]): boolean =>
    new Set(usages).size === wanted.length && wanted.every((usage) => usages.includes(usage));
  const withoutEncipherment = required.filter((usage) => usage !== 'key encipherment');
  return isFit(required) || isFit(withoutEncipherment) ? undefined : `usages did not match [${required.join(' ')}]`;
}
