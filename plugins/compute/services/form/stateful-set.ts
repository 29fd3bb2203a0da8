import { diskLabel } from '../../api.ts';
import type { Draft } from './draft.ts';
import { type Maybe, mapped } from './maybe.ts';
import { type PodReplacementForm, writePodReplacement } from './strategies.ts';

export type AccessMode = 'READ_WRITE_ONCE' | 'READ_ONLY_MANY' | 'READ_WRITE_MANY' | 'READ_WRITE_ONCE_POD';

/** A claim that each pod of a StatefulSet gets of its own (CMP-52). */
export interface ClaimTemplateForm {
  readonly name: string;
  readonly storageClass?: Maybe<string>;
  readonly accessModes?: Maybe<readonly AccessMode[]>;
  readonly size: string;
}

export interface StatefulSetForm {
  readonly replicas?: Maybe<number>;
  readonly serviceName?: Maybe<string>;
  readonly podManagementPolicy?: Maybe<'ORDERED_READY' | 'PARALLEL'>;
  readonly strategy?: Maybe<PodReplacementForm>;
  readonly minReadySeconds?: Maybe<number>;
  readonly revisionHistoryLimit?: Maybe<number>;
  readonly volumeClaimTemplates?: Maybe<readonly ClaimTemplateForm[]>;
}

export const accessModes = {
  READ_WRITE_ONCE: 'ReadWriteOnce',
  READ_ONLY_MANY: 'ReadOnlyMany',
  READ_WRITE_MANY: 'ReadWriteMany',
  READ_WRITE_ONCE_POD: 'ReadWriteOncePod',
} as const;

export const podManagementPolicies = { ORDERED_READY: 'OrderedReady', PARALLEL: 'Parallel' } as const;

export function writeStatefulSetSpec(spec: Draft, form: StatefulSetForm, name: string): void {
  writePodOrder(spec, form, name);
  spec.take(form, 'minReadySeconds', 'revisionHistoryLimit');
  writeClaimTemplates(spec, form.volumeClaimTemplates);
  writePodReplacement(spec, form.strategy, true);
}

/** What numbered pods are called by, and whether they wait for each other; `order` of a new one that does not say. */
export function writePodOrder(
  spec: Draft,
  form: Pick<StatefulSetForm, 'serviceName' | 'podManagementPolicy'>,
  name: string,
  order?: keyof typeof podManagementPolicies,
): void {
  const { isNew } = spec.sheet;
  spec.set('serviceName', form.serviceName ?? (isNew ? name : undefined));
  spec.choose('podManagementPolicy', form.podManagementPolicy ?? (isNew ? order : undefined), podManagementPolicies);
}

export function writeClaimTemplates(spec: Draft, templates: Maybe<readonly ClaimTemplateForm[]>): void {
  const { isNew } = spec.sheet;
  const before = new Map(templatesIn(spec.object).map(({ metadata }) => [metadata?.name, metadata?.labels]));
  // Templates never change: those that are there keep what they have.
  const labelsOf = (name: string) => (isNew ? { [diskLabel]: 'built-in' } : before.get(name));
  spec.set(
    'volumeClaimTemplates',
    mapped(templates, (template) => toClaimTemplate(template, labelsOf(template.name))),
  );
  for (const index of (templates ?? []).keys()) {
    spec.trace(['volumeClaimTemplates', index], ['volumeClaimTemplates', index]);
  }
}

interface WrittenTemplate {
  readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
}

const templatesIn = ({ volumeClaimTemplates: list }: Draft['object']): readonly WrittenTemplate[] =>
  Array.isArray(list) ? (list as readonly WrittenTemplate[]) : [];

function toClaimTemplate(
  { name, storageClass, accessModes: modes, size }: ClaimTemplateForm,
  labels: Readonly<Record<string, string>> | undefined,
): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, ...(labels ? { labels } : {}) },
    spec: {
      accessModes: (modes ?? ['READ_WRITE_ONCE' as const]).map((mode) => accessModes[mode]),
      ...(storageClass ? { storageClassName: storageClass } : {}),
      resources: { requests: { storage: size } },
    },
  };
}
