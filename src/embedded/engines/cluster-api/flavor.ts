/** What a flavor is written as: cores and memory, such as `4C-8GiB` or `1C-512MiB`. */
export const flavorPattern = '^[1-9][0-9]{0,3}C-[1-9][0-9]{0,5}(MiB|GiB)$';

export interface HostSize {
  readonly cores: number;
  /** A Kubernetes quantity, such as `8Gi`. */
  readonly memory: string;
}

/** The size that a flavor names; undefined for what is written otherwise. */
export function parseFlavor(flavor: string | undefined): HostSize | undefined {
  const match = /^(\d+)C-(\d+)(MiB|GiB)$/.exec(flavor ?? '');
  if (match === null) return undefined;
  return { cores: Number(match[1]), memory: `${match[2]}${match[3] === 'GiB' ? 'Gi' : 'Mi'}` };
}
