import type { ClaimTemplateForm } from 'longshore/plugins/compute';
import { parseQuantity, type ValidationIssue } from 'longshore/sdk';

type Json = Readonly<Record<string, unknown>>;

/** A PersistentVolumeClaim (core/v1) as a workload makes it for each of its pods. */
interface Claim {
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}

const list = 'volumeClaimTemplates';
const fields = ['storageClass', 'accessModes', 'size'] as const;

const issue = (path: readonly (string | number)[], code: string, message: string): ValidationIssue => ({
  path,
  code,
  message,
});

/** What the first version of a service must say of the volumes of its pods (REL-02). Pure. */
export function checkNewClaims(given: readonly ClaimTemplateForm[] | undefined): readonly ValidationIssue[] {
  if (!given?.length) return [issue([list], 'required', 'A stateful service has at least one volume of its own')];
  return given.flatMap(({ name, storageClass, size }, index) => [
    ...(storageClass
      ? []
      : [issue([list, index, 'storageClass'], 'required', `The volume '${name}' needs a StorageClass`)]),
    ...((parseQuantity(size)?.value ?? 0) > 0
      ? []
      : [issue([list, index, 'size'], 'out_of_range', `The size of the volume '${name}' must be more than 0`)]),
  ]);
}

/**
 * Where the volumes that a version asks for differ from those that all versions of its service have (REL-02): a StatefulSet takes no other
 * ones (422, `apps/v1`), and an Advanced StatefulSet takes them and gives them to no pod that is there. The same ones in other words are
 * the same. Pure; `planned` is what the form made of the input, in its order.
 */
export function checkSameClaims(had: readonly Json[], planned: readonly Json[]): readonly ValidationIssue[] {
  const [before, after] = [had as readonly Claim[], planned as readonly Claim[]];
  const names = new Set(after.map(nameOf));
  const known = new Map(before.map((claim) => [nameOf(claim), claim]));
  return [
    ...after.flatMap((claim, index) => {
      const same = known.get(nameOf(claim));
      if (!same) return [issue([list, index], 'immutable', `The volume '${nameOf(claim)}' is new: ${why}`)];
      const [was, is] = [termsOf(same), termsOf(claim)];
      return fields
        .filter((field) => was[field] !== is[field] && (field !== 'size' || plain(was.size) !== plain(is.size)))
        .map((field) => {
          const change = `${field} of the volume '${nameOf(claim)}' is ${was[field]} and cannot become ${is[field]}`;
          return issue([list, index, field], 'immutable', `${change}: ${why}`);
        });
    }),
    ...before
      .filter((claim) => !names.has(nameOf(claim)))
      .map((claim) => issue([list], 'immutable', `The volume '${nameOf(claim)}' is left out: ${why}`)),
  ];
}

const why =
  'the volumes of a stateful service stay as its first version has them. A claim that is there can be made larger by itself; other volumes take another app service';

const nameOf = ({ metadata }: Claim): string => metadata?.name ?? '';

function termsOf({ spec }: Claim): Readonly<Record<(typeof fields)[number], string>> {
  return {
    storageClass: spec?.storageClassName ?? '',
    accessModes: [...(spec?.accessModes ?? [])].sort().join(', '),
    size: spec?.resources?.requests?.storage ?? '',
  };
}

/** `20Gi` and `20480Mi` are as much as each other. */
const plain = (text: string): string | number => parseQuantity(text)?.value ?? text;
