import { isIP } from 'node:net';
import type { ChosenAddresses, PodAddressing } from 'longshore/plugins/compute';

const prefix = 'ovn.kubernetes.io/';
/** What Kube-OVN's annotations of a pod are called (1.16). */
export const podAnnotations = {
  pool: `${prefix}ip_pool`,
  address: `${prefix}ip_address`,
  subnet: `${prefix}logical_switch`,
  allocated: `${prefix}allocated`,
} as const;

/** What the engine writes on a pod once it has its address. */
const given = ['allocated', 'routed', 'ip_address', 'mac_address', 'cidr', 'gateway', 'logical_router', 'pod_nic_type'];

/** Chosen addresses in the words of Kube-OVN: `ip_pool` is the name of an IPPool, or addresses with commas (NET-42). */
export const podAddressing: PodAddressing = {
  annotationsFor(chosen) {
    const list = (chosen?.addresses ?? []).map((address) => address.trim());
    return {
      [podAnnotations.pool]: chosen?.pool || (list.length > 0 ? list.join(',') : null),
      [podAnnotations.address]: null,
      [podAnnotations.subnet]: chosen?.subnet || null,
    };
  },
  withoutGiven(annotations) {
    if (annotations[podAnnotations.allocated] !== 'true') return annotations;
    const isChosen = Boolean(annotations[podAnnotations.pool]);
    const gone = new Set([...given, ...(isChosen ? [] : ['logical_switch'])].map((name) => `${prefix}${name}`));
    return Object.fromEntries(Object.entries(annotations).filter(([key]) => !gone.has(key)));
  },
};

/** What annotations of pods ask for; undefined where they ask for nothing. What the engine gave is no wish. Pure. */
export function chosenAddressesOf(annotations: Readonly<Record<string, unknown>>): ChosenAddresses | undefined {
  const text = (key: string): string => {
    const value = annotations[key];
    return typeof value === 'string' ? value.trim() : '';
  };
  const subnet = text(podAnnotations.subnet) || undefined;
  const pool = text(podAnnotations.pool);
  const entries = (pool.includes(';') ? pool.split(';') : pool.split(',')).map((each) => each.trim());
  const isName = entries.length === 1 && pool !== '' && !pool.includes('..') && isIP(entries[0] ?? '') === 0;
  if (isName) return { pool, subnet };
  if (pool !== '') return { addresses: entries.filter((each) => each !== ''), subnet };
  const address = text(podAnnotations.allocated) === 'true' ? '' : text(podAnnotations.address);
  return address === '' ? undefined : { addresses: [address], subnet };
}
