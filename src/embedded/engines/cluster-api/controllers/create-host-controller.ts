import { type Controller, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { hostGroup } from '../groups.ts';
import { type BareMetalHost, capiKinds } from '../kinds.ts';
import { isDeleting } from '../metadata.ts';
import { readSteering } from '../steering.ts';

/** What cleaning the disks of a host takes. */
const cleaningMs = 20_000;
const hardware = { cpu: { arch: 'x86_64', count: 8 }, ramMebibytes: 16_384, hostname: 'localhost.localdomain' };

/** Registers hosts, and cleans those that nobody uses any more, as the operator of Metal³ does. */
export function createHostController(context: EngineContext): Controller {
  const { clock, speed } = context;
  const { hosts } = capiKinds(context, 'baremetal-operator');

  function report(host: BareMetalHost, state: string, more: Partial<NonNullable<BareMetalHost['status']>> = {}): void {
    if (host.status?.provisioning?.state === state) return;
    hosts.updateStatus(host, {
      ...host.status,
      operationalStatus: 'OK',
      errorMessage: '',
      poweredOn: host.spec.online,
      ...more,
      provisioning: { ...host.status?.provisioning, ID: host.metadata.uid ?? '', state },
      lastUpdated: timestamp(clock.now()),
    });
  }

  return {
    name: 'baremetal-host',
    keysOf: keysByResource({ [`baremetalhosts.${hostGroup}`]: ownKey }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const host = hosts.get(namespace, name);
      if (host === undefined || isDeleting(host)) return undefined;
      const { failure } = readSteering(host.metadata.annotations);
      if (failure !== undefined) {
        report(host, 'inspecting', {
          operationalStatus: 'error',
          errorMessage: failure,
          errorType: 'inspection error',
        });
        return undefined;
      }
      const state = host.status?.provisioning?.state;
      if (host.spec.consumerRef !== undefined) {
        report(host, 'provisioned', { hardware });
        return undefined;
      }
      if (state === 'provisioned') {
        report(host, 'deprovisioning');
        return Math.ceil(cleaningMs / speed);
      }
      const cleanAt = Date.parse(host.status?.lastUpdated ?? '') + Math.ceil(cleaningMs / speed);
      if (state === 'deprovisioning' && clock.now() < cleanAt) return cleanAt - clock.now();
      report(host, 'available', { hardware });
      return undefined;
    },
  };
}
