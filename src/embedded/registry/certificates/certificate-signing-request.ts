import { forbidden } from '../../api/status-error.ts';
import { loadCertificateRequestParser, parseCertificateRequest } from '../../certificates/parse-certificate-request.ts';
import { asList, asObject, asObjectList, asString, ensureObject, isEqualJson } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { defineResource } from '../define-resource.ts';
import type { Draft, StatusSubresource } from '../resource-strategy.ts';
import { certificateRequestTable } from '../tables/certificate-request-table.ts';
import { validateRequestSpec, validateRequestStatus } from './validate-certificate-request.ts';

const group = 'certificates.k8s.io';
const plural = 'certificatesigningrequests';
const clientSigner = 'kubernetes.io/kube-apiserver-client';

/** Requests for certificates (certificates.k8s.io/v1): who asks is written down by the server and never changes. */
export const certificateSigningRequests = defineResource(
  {
    group,
    version: 'v1',
    kind: 'CertificateSigningRequest',
    plural,
    shortNames: ['csr'],
    isClusterScoped: true,
    subresources: ['status', 'approval'],
  },
  {
    nameRule: 'path-segment',
    load: loadCertificateRequestParser,
    authorizeWrite(draft, current, requester, subresource) {
      const spec = ensureObject(draft, 'spec');
      if (current === undefined) {
        for (const key of ['username', 'uid', 'groups', 'extra']) delete spec[key];
        const { username, uid, groups, extra } = requester.user;
        spec.username = username;
        if (uid !== '') spec.uid = uid;
        if (groups.length > 0) spec.groups = [...groups];
        if (Object.keys(extra).length > 0) spec.extra = extra;
        return;
      }
      const verb = verbOf(draft, current, subresource);
      const signer = signerOf(current);
      if (verb === undefined) return;
      const mayFor = (name: string): boolean => requester.may({ verb, group, resource: 'signers', name });
      if (mayFor(signer) || mayFor(`${signer.split('/', 1)[0]}/*`)) return;
      const why = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`;
      throw forbidden({ group, plural }, current.metadata.name, why);
    },
    prepareForCreate(draft) {
      draft.status = {};
    },
    prepareForUpdate(draft, current) {
      draft.spec = current.spec;
    },
    prepareForStatus(draft, current, subresource, environment) {
      if (subresource === 'approval') {
        draft.status = { ...asObject(current.status), conditions: asObject(draft.status)?.conditions };
      } else keepApprovals(draft, current);
      dateConditions(draft, current, environment.now());
    },
    validate: validateRequestSpec,
    validateCreated(draft) {
      const spec = asObject(draft.spec) ?? {};
      if (spec.signerName !== clientSigner) return;
      const { organizations } = parseCertificateRequest(decode(spec.request));
      if (!organizations.includes('system:masters')) return;
      const why = `use of ${clientSigner} signer with system:masters group is not allowed`;
      throw forbidden({ group, plural }, asString(draft.metadata.name) ?? '', why);
    },
    validateStatus: validateRequestStatus,
    selectableFields: { 'spec.signerName': signerOf },
    table: certificateRequestTable,
  },
);

function verbOf(draft: Draft, current: ClusterObject, subresource: StatusSubresource | undefined): string | undefined {
  if (subresource === 'approval') return 'approve';
  if (subresource !== 'status') return undefined;
  const [next, last] = [asObject(draft.status), asObject(current.status)];
  const isSame = (key: string): boolean => isEqualJson(next?.[key] ?? [], last?.[key] ?? []);
  return isSame('certificate') && isSame('conditions') ? undefined : 'sign';
}

function signerOf(request: ClusterObject): string {
  return asString(asObject(request.spec)?.signerName) ?? '';
}

function decode(value: unknown): string {
  return Buffer.from(asString(value) ?? '', 'base64').toString();
}

/** A signer sends conditions along that it may not change: they stay as they are as long as none comes or goes. */
function keepApprovals(draft: Draft, current: ClusterObject): void {
  const before = asObjectList(asObject(current.status)?.conditions);
  const status = asObject(draft.status);
  const sent = asObjectList(status?.conditions);
  if (status === undefined || sent.length === 0) return;
  status.conditions = sent.map((condition) => {
    if (condition.type !== 'Approved' && condition.type !== 'Denied') return condition;
    const same = before.filter(({ type }) => type === condition.type);
    return same.length === 1 ? same[0] : condition;
  });
}

function dateConditions(draft: Draft, current: ClusterObject, now: string): void {
  const before = asObjectList(asObject(current.status)?.conditions);
  const status = asObject(draft.status);
  if (status === undefined || asList(status.conditions).length === 0) return;
  status.conditions = asObjectList(status.conditions).map((condition) => {
    const last = before.find((each) => each.type === condition.type && each.status === condition.status);
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? now,
      lastTransitionTime: condition.lastTransitionTime ?? last?.lastTransitionTime ?? now,
    };
  });
}
