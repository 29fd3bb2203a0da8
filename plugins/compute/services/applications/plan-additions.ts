import {
  type AnswerError,
  type ClusterReader,
  ConflictError,
  type KindRef,
  type MaybePromise,
  mapMaybe,
  type Profiles,
  type RaisedWarning,
  type ValidationIssue,
} from 'longshore/sdk';
import type { Application } from '../../api.ts';
import { formKinds, kindFieldOf } from '../form/kinds.ts';
import type { Maybe } from '../form/maybe.ts';
import { type PlannedForm, planForm } from '../form/plan-form.ts';
import type { FormRequest, WorkloadForm } from '../form/write-form.ts';
import { applicationLabelAt, isInPlace, type MembershipRules } from './application-members.ts';

/** One of several workloads that are to be made in an application. */
export interface AdditionForm extends Omit<WorkloadForm, 'application' | 'kind'> {
  readonly kind: NonNullable<WorkloadForm['kind']>;
  readonly name: string;
  /** Those of the application where it has some. */
  readonly cluster?: Maybe<string>;
  readonly namespace?: Maybe<string>;
}

/** A workload that is to be made, with all that is known of it before anything is written. */
export interface Addition {
  readonly kind: KindRef;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Undefined where the caller may not make it, or it cannot be made there. */
  readonly plan: PlannedForm | undefined;
  /** Everything that is wrong with it; paths point into the input. */
  readonly issues: readonly ValidationIssue[];
  readonly warnings: readonly RaisedWarning[];
  /** One of this kind and name is there already: it is left as it is. */
  readonly isThere: boolean;
}

/** Where an addition stands in the input. */
export const additionPath = (index: number): readonly (string | number)[] => ['workloads', index];

/** Two of one kind and name in one place, and what is no workload or nowhere. */
export function checkAdditions(
  application: Pick<Application, 'cluster' | 'namespace'>,
  forms: readonly AdditionForm[],
): readonly ValidationIssue[] {
  const seen = new Set<string>();
  return forms.flatMap((form, index) => {
    const issue = (field: string, code: string, message: string) => [
      { path: [...additionPath(index), field], code, message },
    ];
    const field = kindFieldOf(form.kind);
    // A bare pod carries the label, but is no workload whose state an application has.
    if (field === 'pod') return issue('kind', 'not_a_workload', 'Applications have workloads, not bare pods');
    const { cluster, namespace } = placeOfAddition(application, form);
    if (cluster === '') return issue('cluster', 'required', 'cluster is required for an application of a workspace');
    if (namespace === '') {
      return issue('namespace', 'required', 'namespace is required for an application of a workspace');
    }
    const key = JSON.stringify([field, cluster, namespace, form.name]);
    if (seen.has(key)) return issue('name', 'duplicate', `'${form.name}' is there twice`);
    seen.add(key);
    return [];
  });
}

export function placeOfAddition(
  application: Pick<Application, 'cluster' | 'namespace'>,
  form: Pick<AdditionForm, 'cluster' | 'namespace'>,
): { readonly cluster: string; readonly namespace: string } {
  return {
    cluster: form.cluster || (application.cluster ?? ''),
    namespace: form.namespace || (application.namespace ?? ''),
  };
}

/** Plans one workload in its application: what is wrong with it, what it warns of, and whether it is there already. */
export function planAddition(
  application: Application,
  form: AdditionForm,
  index: number,
  options: {
    readonly profiles: Profiles;
    readonly rules: MembershipRules;
    readonly reader: ClusterReader;
    /** How its form is planned; by compute's own rules alone where nobody says. */
    readonly plan?: (request: FormRequest) => MaybePromise<PlannedForm>;
  },
): MaybePromise<Addition> {
  const { profiles, rules, reader } = options;
  const { kind: kindForm, name, cluster: _cluster, namespace: _namespace, ...said } = form;
  const place = placeOfAddition(application, form);
  const field = kindFieldOf(kindForm);
  const { kind } = formKinds[field];
  const path = additionPath(index);
  const bare = { kind, ...place, name, plan: undefined, warnings: [], isThere: false };
  const isInside = isInPlace(application, place.cluster, place.namespace, rules);
  if (!isInside || applicationLabelAt(profiles, place.cluster, place.namespace) === undefined) {
    const message = `'${place.namespace}' in '${place.cluster}' is not where '${application.name}' is`;
    return { ...bare, issues: [{ path: [...path, 'namespace'], code: 'outside_application', message }] };
  }
  const request = {
    field,
    namespace: place.namespace,
    name,
    form: { ...said, kind: kindForm, application: application.name },
    profile: profiles.at(place),
    existing: undefined,
  };
  return mapMaybe(reader.get(kind, place.namespace, name), (existing) =>
    existing
      ? { ...bare, issues: [], isThere: true }
      : mapMaybe(options.plan?.(request) ?? planForm(request, reader), (plan) => ({
          ...bare,
          plan,
          issues: plan.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })),
          warnings: plan.warnings.map((warning) => ({ ...warning, path: [...path, ...(warning.path ?? [])] })),
        })),
  ) as MaybePromise<Addition>;
}

/** What is there already is no mistake: it is said of it, and left as it is. */
export const alreadyThere = ({ kind, name }: Pick<Addition, 'kind' | 'name'>): AnswerError =>
  new ConflictError(`There is a ${kind.kind} '${name}' already`);
