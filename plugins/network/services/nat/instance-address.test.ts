import { ForbiddenError, type KubeObject, type RequestContext } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makePod } from '../../../compute/testing/make-objects.ts';
import { createIndexedReader } from '../../testing/indexed-reader.ts';
import { eip, gateway, make } from '../../testing/make-nat.ts';
import { subnetKind } from '../vpc/kube-ovn-kinds.ts';
import { requireInstanceAddress } from './instance-address.ts';

const web = makePod({
  metadata: { name: 'web', namespace: 'shop', annotations: { 'ovn.kubernetes.io/logical_router': 'net' } },
  status: { podIP: '10.0.0.5', podIPs: [{ ip: '10.0.0.5' }] },
} as never);
const there = [
  gateway('gw'),
  eip('one'),
  make(subnetKind, 'net-a', { spec: { vpc: 'net', cidrBlock: '10.0.0.0/24' } }),
  web,
] as unknown as readonly KubeObject[];

/** Somebody who may do so much with the pod. */
function as(actions: readonly string[], sees = true): RequestContext {
  const own = createIndexedReader('c1', sees ? there : there.filter((object) => object !== (web as never)));
  const all = createIndexedReader('c1', there);
  const principal = {};
  const isPod = (object: KubeObject): boolean => object.kind === 'Pod';
  const allowed = (action: string, object: KubeObject): boolean => !isPod(object) || actions.includes(action);
  return {
    principal,
    access: {
      allowed,
      requireAllowed(action: string, object: KubeObject) {
        if (!allowed(action, object)) throw new ForbiddenError(`may not ${action}`);
      },
    },
    kube: () => own,
    cluster: () => ({ reader: (who: unknown) => (who === principal ? own : all) }),
  } as unknown as RequestContext;
}

describe('the address that a rule leads to, by its number (NET-37, NET-40)', () => {
  it.each([
    ['of a pod that its author may change', '10.0.0.5', as(['READ', 'UPDATE'])],
    ['that no pod has', '10.0.0.6', as([], false)],
  ])('is taken where it is one %s', async (_what, address, context) => {
    expect(await requireInstanceAddress(eip('one'), undefined, address, context)).toBe(address);
  });

  it.each([
    ['of a pod that its author only sees', '10.0.0.5', as(['READ']), { code: 'FORBIDDEN' }],
    [
      'of a pod that its author does not see, without its name',
      '10.0.0.5',
      as([], false),
      {
        code: 'VALIDATION',
        issues: [
          { path: ['address'], code: 'not_yours', message: '10.0.0.5 is the address of something that is not yours' },
        ],
      },
    ],
    ['outside of the VPC', '10.9.0.5', as(['READ', 'UPDATE']), { issues: [{ path: ['address'], code: 'other_vpc' }] }],
  ])('is refused where it is one %s (refused)', async (_what, address, context, refusal) => {
    await expect(requireInstanceAddress(eip('one'), undefined, address, context)).rejects.toMatchObject(refusal);
  });
});
