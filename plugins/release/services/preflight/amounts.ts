import { parseQuantity } from 'longshore/sdk';

/** What one pod asks for and may use at most; undefined limits are none. */
export interface PodNeeds {
  readonly cpuRequestMillicores: number;
  readonly memoryRequestBytes: number;
  readonly cpuLimitMillicores: number | undefined;
  readonly memoryLimitBytes: number | undefined;
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

export function sum(all: readonly PodNeeds[]): PodNeeds {
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

type Amounts = Readonly<Record<string, number>>;

const combine =
  (how: (one: number, other: number) => number) =>
  (one: Amounts = {}, other: Amounts = {}): Amounts => {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return Object.fromEntries([...names].map((name) => [name, how(one[name] ?? 0, other[name] ?? 0)]));
  };
/** Two amounts of each resource together. */
export const added = combine((one, other) => one + other);
/** The greater amount of each resource. */
export const greater = combine(Math.max);

/** Cores in thousandths; 0 for what is no quantity. */
export const millis = (quantity: string | undefined): number => parseQuantity(quantity ?? '0')?.milliunits ?? 0;
/** Bytes or a plain count; 0 for what is no quantity. */
export const units = (quantity: string | undefined): number => parseQuantity(quantity ?? '0')?.units ?? 0;

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
