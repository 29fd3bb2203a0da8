import { descriptionText } from 'longshore/plugins/core';
import { checkText, type ValidationIssue } from 'longshore/sdk';
import { checkPolicySpec, type PolicySpec } from './check-policy.ts';
import { type PolicyForm, policyTypes, type SelectorForm } from './policy-form.ts';
import { directions, inputPathOfPolicy, type PolicyRequest, writePolicy } from './write-policy.ts';

/** A form with all that must be known of it before its manifest is sent. */
export interface PlannedPolicy {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly issues: readonly ValidationIssue[];
  readonly inputPathOf: typeof inputPathOfPolicy;
}

/** Most rules of a direction, and most peers and ports of a rule, of a form. */
export const mostEntries = 200;

/** Makes the manifest of a form for a NetworkPolicy, and finds what stands against it (NET-33). Pure. */
export function planPolicy(request: PolicyRequest): PlannedPolicy {
  const { form, profile } = request;
  const manifest = writePolicy(request);
  const spec = manifest.spec as PolicySpec;
  const issues = [
    ...checkText(profile.get(descriptionText), 'description', form.description ?? ''),
    ...checkCounts(form),
    ...checkTwice(form.podSelector, ['podSelector']),
    ...directions.flatMap(({ field }) =>
      (form[field] ?? []).flatMap(({ peers }, at) =>
        (peers ?? []).flatMap(({ podSelector, namespaceSelector }, index) => [
          ...checkTwice(podSelector, [field, at, 'peers', index, 'podSelector']),
          ...checkTwice(namespaceSelector, [field, at, 'peers', index, 'namespaceSelector']),
        ]),
      ),
    ),
    ...checkTypes(form, spec),
    ...checkPolicySpec(spec).map((misfit) => ({ ...misfit, path: inputPathOfPolicy(misfit.path) })),
  ];
  return { manifest, issues, inputPathOf: inputPathOfPolicy };
}

const knownTypes: ReadonlySet<string> = new Set(Object.values(policyTypes));

/** Rules of a direction that the policy does not have would stand there without effect. */
function checkTypes(form: PolicyForm, spec: PolicySpec): readonly ValidationIssue[] {
  const types = form.policyTypes;
  if (!types || types.length === 0) return [];
  const unknown = types.findIndex((type) => !knownTypes.has(type));
  if (unknown >= 0) {
    return [
      { path: ['policyTypes', unknown], code: 'not_supported', message: 'policyTypes must be INGRESS or EGRESS' },
    ];
  }
  return directions.flatMap(({ field, type }) => {
    if (!spec[field]?.length || spec.policyTypes?.includes(type)) return [];
    const message = `Rules for ${field} count only where policyTypes has ${type.toUpperCase()}`;
    return [{ path: ['policyTypes'], code: 'no_effect', message }];
  });
}

function checkCounts(form: PolicyForm): readonly ValidationIssue[] {
  const refuse = (path: readonly (string | number)[], count: number) =>
    count <= mostEntries
      ? []
      : [{ path, code: 'too_big', message: `${path.at(-1)} must have up to ${mostEntries} entries, got ${count}` }];
  return directions.flatMap(({ field }) => [
    ...refuse([field], form[field]?.length ?? 0),
    ...(form[field] ?? []).flatMap(({ peers, ports }, at) => [
      ...refuse([field, at, 'peers'], peers?.length ?? 0),
      ...refuse([field, at, 'ports'], ports?.length ?? 0),
    ]),
  ]);
}

/** A label that stands twice in a form would lose one of its values. */
function checkTwice(
  selector: SelectorForm | null | undefined,
  path: readonly (string | number)[],
): readonly ValidationIssue[] {
  const keys = (selector?.matchLabels ?? []).map(({ key }) => key);
  return keys.flatMap((key, index) =>
    keys.indexOf(key) < index
      ? [{ path: [...path, 'matchLabels', index, 'key'], code: 'duplicate', message: `'${key}' stands here twice` }]
      : [],
  );
}
