import { applicationLabel } from 'longshore/plugins/core';
import { origin, type Profile, type RequestContext, resolveNode, type ValidationIssue } from 'longshore/sdk';
import type { LabelForm, Maybe } from './service-form.ts';
import { isServable, selectorOfWorkload } from './workload-labels.ts';

/** How a form says which pods a Service leads to; one of them. */
export interface SelectorForm {
  readonly labels?: Maybe<readonly LabelForm[]>;
  readonly workloadId?: Maybe<string | number>;
  readonly application?: Maybe<string>;
}

export interface ResolvedSelector {
  readonly labels: readonly LabelForm[] | null | undefined;
  readonly issues: readonly ValidationIssue[];
}

/** The labels that a form means (NET-02, NET-11); a workload that the caller does not see is not there. */
export async function resolveSelector(
  form: Maybe<SelectorForm>,
  place: { readonly namespace: string; readonly profile: Profile },
  context: RequestContext,
): Promise<ResolvedSelector> {
  if (!form) return { labels: form, issues: [] };
  if (form.labels) return { labels: form.labels, issues: checkLabels(form.labels) };
  if (form.application) return byApplication(form.application, place.profile);
  return byWorkload(String(form.workloadId ?? ''), place.namespace, context);
}

const refused = (field: string, code: string, message: string): ResolvedSelector => ({
  labels: undefined,
  issues: [{ path: ['selector', field], code, message }],
});

function checkLabels(labels: readonly LabelForm[]): readonly ValidationIssue[] {
  const keys = labels.map(({ key }) => key);
  return keys.flatMap((key, index) =>
    keys.indexOf(key) < index
      ? [{ path: ['selector', 'labels', index, 'key'], code: 'duplicate', message: `'${key}' stands here twice` }]
      : [],
  );
}

function byApplication(application: string, profile: Profile): ResolvedSelector {
  const key = profile.get(applicationLabel);
  if (key !== null) return { labels: [{ key, value: application }], issues: [] };
  const message = `By the profile '${profile.name}' no label tells the pods of an application`;
  return refused('application', 'not_offered', message);
}

async function byWorkload(id: string, namespace: string, context: RequestContext): Promise<ResolvedSelector> {
  const node = await resolveNode(id, context).catch(() => null);
  if (!isServable(node)) return refused('workloadId', 'not_found', 'There is no workload with this id');
  const { kind, metadata } = node;
  if (metadata.namespace !== namespace) {
    const message = `${kind} '${metadata.name}' lies in the namespace '${metadata.namespace}' of '${node[origin].cluster}': a Service leads to pods of its own namespace`;
    return refused('workloadId', 'other_place', message);
  }
  const labels = Object.entries(selectorOfWorkload(node)).map(([key, value]) => ({ key, value }));
  if (labels.length > 0) return { labels, issues: [] };
  return refused('workloadId', 'no_labels', `Pods of ${kind} '${metadata.name}' have no labels to find them by`);
}
