import type { KindClient } from '../../controllers/kind-client.ts';
import type { Pod } from '../../controllers/kubernetes-shapes.ts';
import { randomHex } from '../../controllers/random-suffix.ts';
import type { EngineContext } from '../engine.ts';
import { type AddressBook, createAddressBook } from './create-address-book.ts';
import { marks, names, type OvnKinds, ovnKinds } from './kinds.ts';

/** How long after a look that came to nothing the controller looks again. */
const retryMs = 5_000;

/** What the controllers of the engine share. */
export interface OvnWorld {
  readonly context: EngineContext;
  readonly kinds: OvnKinds;
  readonly book: AddressBook;
  newMac(): string;
  /** The running pod of a NAT gateway, or why there is none. */
  gatewayPod(gateway: string): { readonly pod: Pod } | { readonly problem: string };
  /**
   * Kube-OVN tells most of what goes wrong to its log alone, so that is all that is seen of it. Says it once for each key,
   * and answers when to look again.
   */
  complain(key: string, problem: string): number;
  /** What was complained of is over. */
  calm(key: string): void;
}

export function createOvnWorld(context: EngineContext): OvnWorld {
  const pods: KindClient<Pod> = context.kind('', 'pods');
  const complaints = new Map<string, string>();
  return {
    context,
    kinds: ovnKinds(context),
    book: createAddressBook(),
    newMac() {
      const digits = randomHex(context.random, 10);
      return `02:${(digits.match(/../g) ?? []).join(':')}`;
    },
    gatewayPod(gateway) {
      const pod = pods.get(names.system, gatewayPodName(gateway));
      if (pod?.metadata.labels?.[marks.natGatewayPod] !== 'true') return { problem: `pod "${gateway}" not found` };
      return pod.status?.phase === 'Running' ? { pod } : { problem: 'pod is not active now' };
    },
    complain(key, problem) {
      if (complaints.get(key) !== problem) {
        complaints.set(key, problem);
        context.logger.info({ key, problem }, 'kube-ovn cannot go on with an object');
      }
      return retryMs;
    },
    calm: (key) => void complaints.delete(key),
  };
}

export function gatewayWorkloadName(gateway: string): string {
  return `vpc-nat-gw-${gateway}`;
}

export function gatewayPodName(gateway: string): string {
  return `${gatewayWorkloadName(gateway)}-0`;
}
