import { type KindRef, subjectOf } from 'longshore/sdk';
import {
  advancedStatefulSetKind,
  cloneSetKind,
  cronJobKind,
  daemonSetKind,
  deploymentKind,
  jobKind,
  podKind,
  statefulSetKind,
} from '../../api.ts';
import { replicasDefault } from '../../profile-keys/replicas.ts';
import { type AdvancedStatefulSetForm, writeAdvancedStatefulSetSpec } from './advanced-stateful-set.ts';
import { type CloneSetForm, writeCloneSetSpec } from './clone-set.ts';
import type { Draft } from './draft.ts';
import { type CronJobForm, type JobForm, writeCronJobSpec, writeJobSpec } from './jobs.ts';
import type { Maybe } from './maybe.ts';
import { type StatefulSetForm, writeStatefulSetSpec } from './stateful-set.ts';
import {
  type PodReplacementForm,
  type UpgradeStrategyForm,
  writePodReplacement,
  writeUpgradeStrategy,
} from './strategies.ts';

export interface DeploymentForm {
  readonly replicas?: Maybe<number>;
  readonly strategy?: Maybe<UpgradeStrategyForm>;
  readonly minReadySeconds?: Maybe<number>;
  readonly progressDeadlineSeconds?: Maybe<number>;
  readonly revisionHistoryLimit?: Maybe<number>;
}

export interface DaemonSetForm {
  readonly strategy?: Maybe<PodReplacementForm>;
  readonly minReadySeconds?: Maybe<number>;
  readonly revisionHistoryLimit?: Maybe<number>;
}

export interface BarePodForm {
  readonly activeDeadlineSeconds?: Maybe<number>;
}

/** What is of one kind of workload alone: exactly one of them. */
export interface KindForm {
  readonly deployment?: Maybe<DeploymentForm>;
  readonly statefulSet?: Maybe<StatefulSetForm>;
  readonly daemonSet?: Maybe<DaemonSetForm>;
  readonly job?: Maybe<JobForm>;
  readonly cronJob?: Maybe<CronJobForm>;
  readonly advancedStatefulSet?: Maybe<AdvancedStatefulSetForm>;
  readonly cloneSet?: Maybe<CloneSetForm>;
  readonly pod?: Maybe<BarePodForm>;
}
export type KindField = keyof KindForm;

interface KindRow<Form> {
  readonly kind: KindRef;
  /** Where the object keeps the template of its pods; a bare pod is one itself. */
  readonly template: readonly string[];
  /** Whether its pods are found by a selector that its author writes. */
  readonly hasSelector: boolean;
  readonly write: (top: Draft, spec: Draft, form: Form, name: string) => void;
}

/** The kinds that a form makes, by their field in the input. */
export const formKinds: { readonly [Field in KindField]-?: KindRow<NonNullable<KindForm[Field]>> } = {
  deployment: {
    kind: deploymentKind as KindRef,
    template: ['spec', 'template'],
    hasSelector: true,
    write(top, spec, form) {
      writeReplicas(spec, form.replicas);
      spec.take(form, 'minReadySeconds', 'progressDeadlineSeconds', 'revisionHistoryLimit');
      writeUpgradeStrategy(top, spec, form.strategy);
    },
  },
  statefulSet: {
    kind: statefulSetKind as KindRef,
    template: ['spec', 'template'],
    hasSelector: true,
    write(_top, spec, form, name) {
      writeReplicas(spec, form.replicas);
      writeStatefulSetSpec(spec, form, name);
    },
  },
  daemonSet: {
    kind: daemonSetKind as KindRef,
    template: ['spec', 'template'],
    hasSelector: true,
    write(_top, spec, form) {
      spec.take(form, 'minReadySeconds', 'revisionHistoryLimit');
      writePodReplacement(spec, form.strategy, false);
    },
  },
  job: {
    kind: jobKind as KindRef,
    template: ['spec', 'template'],
    hasSelector: false,
    write: (_top, spec, form) => writeJobSpec(spec, form),
  },
  cronJob: {
    kind: cronJobKind as KindRef,
    template: ['spec', 'jobTemplate', 'spec', 'template'],
    hasSelector: false,
    write: (_top, spec, form) => writeCronJobSpec(spec, form),
  },
  advancedStatefulSet: {
    kind: advancedStatefulSetKind as KindRef,
    template: ['spec', 'template'],
    hasSelector: true,
    write(_top, spec, form, name) {
      writeReplicas(spec, form.replicas);
      writeAdvancedStatefulSetSpec(spec, form, name);
    },
  },
  cloneSet: {
    kind: cloneSetKind as KindRef,
    template: ['spec', 'template'],
    hasSelector: true,
    write(_top, spec, form) {
      writeReplicas(spec, form.replicas);
      writeCloneSetSpec(spec, form);
    },
  },
  pod: {
    kind: podKind as KindRef,
    template: [],
    hasSelector: false,
    write: (_top, spec, form) => spec.take(form, 'activeDeadlineSeconds'),
  },
};

const fields = Object.keys(formKinds) as readonly KindField[];

/** Everything that a form may make, as rights name it. */
export const formSubjects: readonly string[] = fields.map((field) => subjectOf(formKinds[field].kind));

/** Which of the kinds a form is about; its input lets exactly one through. */
export function kindFieldOf(form: KindForm): KindField {
  const field = fields.find((name) => form[name] !== undefined && form[name] !== null);
  if (!field) throw new Error('compute.kind-field-of: a form of no kind');
  return field;
}

/** The field of a kind of the cluster; undefined for one that no form makes. */
export function kindFieldOfKind({ group, kind }: Pick<KindRef, 'group' | 'kind'>): KindField | undefined {
  return fields.find((name) => formKinds[name].kind.kind === kind && formKinds[name].kind.group === group);
}

/** A workload is made with a number of pods; afterwards it is scaled, which is another right with rules of its own. */
function writeReplicas(spec: Draft, replicas: Maybe<number>): void {
  const { isNew, profile } = spec.sheet;
  if (isNew) {
    spec.set('replicas', replicas ?? profile.get(replicasDefault));
    return;
  }
  if (replicas === undefined) return;
  spec.refuse(['replicas'], 'not_changeable', 'replicas of a workload that is there are set by scaleWorkload');
}
