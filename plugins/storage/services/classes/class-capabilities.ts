import type { Profile } from 'longshore/sdk';
import type { StorageClassObject } from '../../api.ts';
import { bytesOf } from './bytes-of.ts';
import { formOf } from './class-form.ts';
import { type AccessMode, accessModes } from './storage-words.ts';

/** Access modes that claims of a class may have, as its form keeps them: `ReadWriteOnce,ReadWriteMany` (STO-01). */
export const accessModesAnnotation = 'longshore.dev/access-modes';
/** The least that claims of a class may ask for, as its form keeps it. */
export const minimumSizeAnnotation = 'longshore.dev/minimum-size';

/** What claims of a class may ask for, as far as somebody says so: its form, or the profile. */
export interface ClassCapabilities {
  /** Undefined where nobody says: the driver decides. */
  readonly accessModes: readonly AccessMode[] | undefined;
  readonly minimumSize: string | undefined;
  readonly maximumSize: string | undefined;
  /** Whether its volumes are mounted in their own zone alone. */
  readonly isZonal: boolean;
  /** Whether nobody keeps pods from writing more than their claim asks for (STO-09). */
  readonly isCapacityNominal: boolean;
  /** The profile's word for this sort of storage. */
  readonly form: string | undefined;
}

type Described = Pick<StorageClassObject, 'provisioner' | 'parameters' | 'metadata'>;

export function capabilitiesOf(storageClass: Described, profile: Profile): ClassCapabilities {
  const form = formOf(storageClass, profile);
  const sizes = (form?.sizes ?? []).filter(({ with: told }) =>
    Object.entries(told).every(([name, values]) => values.includes(storageClass.parameters?.[name] ?? '')),
  );
  const annotations = storageClass.metadata.annotations ?? {};
  const ownModes = annotations[accessModesAnnotation]?.split(',').flatMap((raw) => modeOf(raw.trim()) ?? []);
  const own = annotations[minimumSizeAnnotation];
  return {
    accessModes: narrowed(form?.accessModes, ownModes?.length ? ownModes : undefined),
    minimumSize: largest([own, ...sizes.map(({ minimum }) => minimum)]),
    maximumSize: sizes.flatMap(({ maximum }) => maximum ?? []).toSorted(bySize)[0],
    isZonal: form?.isZonal ?? false,
    isCapacityNominal: form?.isCapacityNominal ?? false,
    form: form?.name,
  };
}

const modeOf = (raw: string): AccessMode | undefined =>
  Object.hasOwn(accessModes, raw) ? accessModes[raw as keyof typeof accessModes] : undefined;

/** A class may offer less than its sort of storage, never more. */
function narrowed(
  of: readonly AccessMode[] | undefined,
  own: readonly AccessMode[] | undefined,
): readonly AccessMode[] | undefined {
  return of && own ? of.filter((mode) => own.includes(mode)) : (own ?? of);
}

const bySize = (one: string, other: string): number => (bytesOf(one) ?? 0) - (bytesOf(other) ?? 0);

const largest = (sizes: readonly (string | undefined)[]): string | undefined =>
  sizes
    .filter((size) => bytesOf(size) !== undefined && size !== undefined)
    .toSorted((one, other) => bySize(other ?? '', one ?? ''))[0];
