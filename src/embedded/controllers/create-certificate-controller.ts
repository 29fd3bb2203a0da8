import { X509Certificate } from 'node:crypto';
import type { CertificateAuthority } from '../certificates/create-certificates.ts';
import {
  type CertificateRequest,
  loadCertificateRequestParser,
  parseCertificateRequest,
} from '../certificates/parse-certificate-request.ts';
import { signCertificateRequest } from '../certificates/sign-certificate-request.ts';
import { asList, asObject, asObjectList, asString } from '../machinery/json.ts';
import type { ClusterObject } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, ownKey, splitKey } from './controller.ts';
import { problemForSigner } from './decide-certificate-signing.ts';
import { createKindClient } from './kind-client.ts';
import { timestamp } from './timestamp.ts';

const hourMs = 3_600_000;

/**
 * Signs approved requests for the cluster's own signers, and removes requests that are through: decided or issued ones an
 * hour later, untouched ones after a day, issued ones when the certificate ends (certificates.k8s.io, concept page).
 */
export function createCertificateController(context: ClusterContext, authority: CertificateAuthority): Controller {
  const { store, clock, logger } = context;
  const manager = 'kube-controller-manager';
  const requests = createKindClient<ClusterObject>(store, manager, 'certificates.k8s.io', 'certificatesigningrequests');

  function sign(name: string): void {
    const object = requests.get(undefined, name);
    if (object === undefined || !isSignable(object)) return;
    const spec = asObject(object.spec) ?? {};
    const status = asObject(object.status) ?? {};
    const request: CertificateRequest = parseCertificateRequest(Buffer.from(String(spec.request), 'base64').toString());
    const usages = asList(spec.usages).map(String);
    const problem = problemForSigner(asString(spec.signerName) ?? '', request, usages);
    if (problem !== undefined) {
      const failed = {
        type: 'Failed',
        status: 'True',
        reason: 'SignerValidationFailure',
        message: problem,
        lastUpdateTime: timestamp(clock.now()),
      };
      requests.updateStatus(object, { ...status, conditions: [...asObjectList(status.conditions), failed] });
      return;
    }
    const seconds = spec.expirationSeconds;
    const pem = signCertificateRequest(authority, request, {
      usages,
      nowMs: clock.now(),
      expirationSeconds: typeof seconds === 'number' ? seconds : undefined,
    });
    requests.updateStatus(object, { ...status, certificate: Buffer.from(pem).toString('base64') });
  }

  return {
    name: 'certificates',
    keysOf: ({ object }, resource) =>
      resource.group === 'certificates.k8s.io' && resource.plural === 'certificatesigningrequests'
        ? ownKey(object)
        : [],
    reconcile(key) {
      const { name } = splitKey(key);
      const object = requests.get(undefined, name);
      if (object === undefined) return undefined;
      const waitMs = deadlineOf(object) - clock.now();
      if (waitMs < 0) {
        requests.delete(object);
        return undefined;
      }
      if (isSignable(object)) {
        loadCertificateRequestParser()
          .then(() => sign(name))
          .catch((cause: unknown) => logger.warn({ name, err: cause }, 'a certificate could not be signed'));
      }
      return waitMs + 1;
    },
  };
}

function conditionOf(object: ClusterObject, type: string): ReturnType<typeof asObject> {
  return asObjectList(asObject(object.status)?.conditions).find((condition) => condition.type === type);
}

const signers = ['kube-apiserver-client', 'kube-apiserver-client-kubelet', 'kubelet-serving'];

function isSignable(object: ClusterObject): boolean {
  const signer = asString(asObject(object.spec)?.signerName) ?? '';
  const isDecided = conditionOf(object, 'Denied') !== undefined || conditionOf(object, 'Failed') !== undefined;
  const isIssued = (asObject(object.status)?.certificate ?? '') !== '';
  const isOurs = signers.some((name) => signer === `kubernetes.io/${name}`);
  return isOurs && conditionOf(object, 'Approved') !== undefined && !isDecided && !isIssued;
}

/** When the request is removed, in milliseconds of the cluster's clock. */
function deadlineOf(object: ClusterObject): number {
  const certificate = asString(asObject(object.status)?.certificate) ?? '';
  const timeOf = (type: string): number | undefined => {
    const time = asString(conditionOf(object, type)?.lastUpdateTime);
    return time === undefined ? undefined : Date.parse(time);
  };
  const approved = timeOf('Approved');
  const ends = [timeOf('Denied'), timeOf('Failed')].flatMap((time) => (time === undefined ? [] : [time + hourMs]));
  if (approved !== undefined) ends.push(approved + (certificate === '' ? 24 : 1) * hourMs);
  if (ends.length === 0) ends.push(Date.parse(object.metadata.creationTimestamp ?? '') + 24 * hourMs);
  if (certificate !== '') ends.push(Date.parse(new X509Certificate(Buffer.from(certificate, 'base64')).validTo));
  return Math.min(...ends);
}
