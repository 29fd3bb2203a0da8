import { type Controller, keysByResource } from '../../controllers/controller.ts';
import { group, isDeleting, marks, type Vip, withFinalizer } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

/** Keeps an address for each Vip. What goes wrong is told to the log alone: such a Vip has no address. */
export function createVipController({ kinds, book, newMac, complain, calm }: OvnWorld): Controller {
  const { vips, subnets } = kinds;

  function assign(vip: Vip): string | undefined {
    const { name, labels } = vip.metadata;
    const spec = vip.spec ?? {};
    if ((spec.subnet ?? '') === '') return `failed to create vip '${name}', subnet should be set`;
    const subnet = subnets.get(undefined, spec.subnet ?? '');
    if (subnet === undefined) return `subnet.${group} "${spec.subnet}" not found`;
    const wanted = [spec.v4ip ?? '', spec.v6ip ?? ''].filter((address) => address !== '').join(',');
    const taken = book.take(subnet, ownerOf(name), wanted);
    if ('problem' in taken) return taken.problem;
    const { v4, v6 } = taken.lease;
    const mac = (spec.macAddress ?? '') === '' ? newMac() : spec.macAddress;
    const held = withFinalizer(vip, true);
    vips.update({
      ...held,
      metadata: {
        ...held.metadata,
        labels: { ...labels, [marks.subnet]: subnet.metadata.name, [marks.ipReserved]: '' },
      },
      spec: { ...spec, v4ip: v4, v6ip: v6, macAddress: mac },
      status: { ...vip.status, v4ip: v4, v6ip: v6, mac, type: spec.type ?? '' },
    });
    return undefined;
  }

  /** As in the original, an address that was given is never changed. */
  function changeProblem({ spec, status }: Vip): string | undefined {
    if ((status?.mac ?? '') !== '' && status?.mac !== spec?.macAddress) return 'not support change mac of vip';
    if ((status?.v4ip ?? '') !== '' && status?.v4ip !== spec?.v4ip) return 'not support change v4 ip of vip';
    if ((status?.v6ip ?? '') !== '' && status?.v6ip !== spec?.v6ip) return 'not support change v6 ip of vip';
    return undefined;
  }

  return {
    name: 'kube-ovn-vip',
    keysOf: keysByResource({ [`vips.${group}`]: ({ metadata }) => [metadata.name] }),
    reconcile(name) {
      const key = `vip ${name}`;
      const vip = vips.get(undefined, name);
      if (vip !== undefined && !isDeleting(vip)) {
        const problem = (vip.status?.mac ?? '') === '' ? assign(vip) : changeProblem(vip);
        if (problem !== undefined) return complain(key, problem);
      }
      calm(key);
      if (vip !== undefined && !isDeleting(vip)) return undefined;
      book.release(ownerOf(name));
      if (vip === undefined) return undefined;
      const freed = withFinalizer(vip, false);
      if (freed !== vip) vips.update(freed);
      return undefined;
    },
  };
}

function ownerOf(name: string): string {
  return `vip/${name}`;
}
