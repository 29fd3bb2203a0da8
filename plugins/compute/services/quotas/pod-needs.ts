import type { PodObject, PodResources } from '../../api.ts';
import { millicoresOf, unitsOf } from '../amounts.ts';
import { podResources } from '../pod-resources.ts';
import { added, otherResourcesOf } from './other-resources.ts';

/** What one pod asks for and may use at most. */
export interface PodNeeds extends PodResources {
  /** Requests of everything else by its name, e.g. `nvidia.com/gpu` or `ephemeral-storage`; nothing where it asks for no more. */
  readonly others?: Readonly<Record<string, number>>;
}

/** Pods that run, as a number and what they ask for together. */
export interface Running {
  readonly count: number;
  readonly needs: PodNeeds;
}

export const noNeeds: PodNeeds = {
  cpuRequestMillicores: 0,
  memoryRequestBytes: 0,
  cpuLimitMillicores: 0,
  memoryLimitBytes: 0,
};

/** What pods ask for together. */
export function sumNeeds(all: readonly PodNeeds[]): PodNeeds {
  return all.reduce(
    (total, each) => ({
      cpuRequestMillicores: total.cpuRequestMillicores + each.cpuRequestMillicores,
      memoryRequestBytes: total.memoryRequestBytes + each.memoryRequestBytes,
      cpuLimitMillicores: (total.cpuLimitMillicores ?? 0) + (each.cpuLimitMillicores ?? 0),
      memoryLimitBytes: (total.memoryLimitBytes ?? 0) + (each.memoryLimitBytes ?? 0),
      others: added(total.others, each.others),
    }),
    noNeeds,
  );
}

/** Cores in thousandths; 0 for what is no quantity. */
export const millis = (quantity: string | undefined): number => millicoresOf(quantity) ?? 0;
/** Bytes or a plain count; 0 for what is no quantity. */
export const units = (quantity: string | undefined): number => unitsOf(quantity) ?? 0;

/** Of a pod, or of the template of one, as the scheduler counts. Pure. */
export const needsOf = (pod: object): PodNeeds => ({
  ...podResources(pod as PodObject),
  others: otherResourcesOf(pod),
});

/** `1500m`. */
export const cores = (millicores: number): string =>
  millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;

const sizes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;

/** `1.5Gi`, rounded up to a tenth. */
export function bytes(amount: number): string {
  let [value, index] = [amount, 0];
  while (value >= 1024 && index < sizes.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${Math.ceil(value * 10) / 10}${sizes[index]}`;
}
